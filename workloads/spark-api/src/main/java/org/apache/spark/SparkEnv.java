package org.apache.spark;

public class SparkEnv {
    public static SparkEnv get() {
        throw new SignatureOnly();
    }

    public String executorId() {
        throw new SignatureOnly();
    }
}
