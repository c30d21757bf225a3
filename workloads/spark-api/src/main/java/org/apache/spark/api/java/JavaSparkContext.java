package org.apache.spark.api.java;

import java.io.Closeable;
import java.util.List;
import org.apache.spark.SignatureOnly;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;

public class JavaSparkContext implements Closeable {
    public JavaSparkContext(SparkConf conf) {
        throw new SignatureOnly();
    }

    public static String[] jarOfClass(Class<?> type) {
        throw new SignatureOnly();
    }

    public SparkContext sc() {
        throw new SignatureOnly();
    }

    public <T> Broadcast<T> broadcast(T value) {
        throw new SignatureOnly();
    }

    public <T> JavaRDD<T> parallelize(List<T> items, int slices) {
        throw new SignatureOnly();
    }

    public JavaSparkStatusTracker statusTracker() {
        throw new SignatureOnly();
    }

    public void cancelAllJobs() {
        throw new SignatureOnly();
    }

    public void setLogLevel(String level) {
        throw new SignatureOnly();
    }

    @Override
    public void close() {
        throw new SignatureOnly();
    }
}
