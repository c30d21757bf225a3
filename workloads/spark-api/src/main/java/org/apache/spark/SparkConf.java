package org.apache.spark;

public class SparkConf {
    public boolean contains(String key) {
        throw new SignatureOnly();
    }

    public String get(String key, String defaultValue) {
        throw new SignatureOnly();
    }

    public SparkConf set(String key, String value) {
        throw new SignatureOnly();
    }

    public SparkConf setIfMissing(String key, String value) {
        throw new SignatureOnly();
    }

    public SparkConf setJars(String[] jars) {
        throw new SignatureOnly();
    }
}
