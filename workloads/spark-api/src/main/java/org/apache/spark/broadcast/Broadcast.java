package org.apache.spark.broadcast;

import java.io.Serializable;
import org.apache.spark.SignatureOnly;

public abstract class Broadcast<T> implements Serializable {
    private static final long serialVersionUID = 1;

    public T value() {
        throw new SignatureOnly();
    }
}
