/// Signatures of Apache Spark 4 (ASF, Apache License 2.0) that Janklab's Spark engine calls, without their code. Never packaged.
package org.apache.spark;
