package org.apache.spark.api.java;

import org.apache.spark.SignatureOnly;
import org.apache.spark.api.java.function.VoidFunction;

public class JavaRDD<T> {
    public void foreach(VoidFunction<T> function) {
        throw new SignatureOnly();
    }
}
