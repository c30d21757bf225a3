/// Signatures of Apache Spark 4, without their code. Never packaged.
package org.apache.spark.api.java.function;
