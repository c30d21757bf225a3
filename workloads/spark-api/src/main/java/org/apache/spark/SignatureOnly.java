package org.apache.spark;

/// Spark itself is not on the class path, but these signatures are.
public final class SignatureOnly extends UnsupportedOperationException {
    private static final long serialVersionUID = 1;
}
