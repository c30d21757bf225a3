package io.janklab.kernel.uapi;

/// Error numbers (Linux `include/uapi/asm-generic/errno*.h`). System calls return them negated.
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EBADF = 9;
    public static final int ECHILD = 10;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EIO = 5;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int ENOSYS = 38;
    public static final int EOVERFLOW = 75;
    public static final int EOPNOTSUPP = 95;
    public static final int EHWPOISON = 133;

    private static final String[] NAMES = new String[EHWPOISON + 1];

    static {
        NAMES[EPERM] = "EPERM";
        NAMES[ENOENT] = "ENOENT";
        NAMES[ESRCH] = "ESRCH";
        NAMES[EINTR] = "EINTR";
        NAMES[EBADF] = "EBADF";
        NAMES[ECHILD] = "ECHILD";
        NAMES[EAGAIN] = "EAGAIN";
        NAMES[ENOMEM] = "ENOMEM";
        NAMES[EACCES] = "EACCES";
        NAMES[EFAULT] = "EFAULT";
        NAMES[EBUSY] = "EBUSY";
        NAMES[EEXIST] = "EEXIST";
        NAMES[EIO] = "EIO";
        NAMES[EINVAL] = "EINVAL";
        NAMES[ENOSPC] = "ENOSPC";
        NAMES[ENOSYS] = "ENOSYS";
        NAMES[EOVERFLOW] = "EOVERFLOW";
        NAMES[EOPNOTSUPP] = "EOPNOTSUPP";
        NAMES[EHWPOISON] = "EHWPOISON";
    }

    private Errno() {}

    /// Whether a system call's return value stands for an error (Linux `IS_ERR_VALUE`: −4095 … −1).
    public static boolean isError(long returned) {
        return returned < 0 && returned >= -4095;
    }

    /// The name of a returned error (`-12` → `ENOMEM`), or the number itself where it is none.
    public static String describe(long returned) {
        long number = -returned;
        boolean named = isError(returned) && number < NAMES.length && NAMES[(int) number] != null;
        return named ? NAMES[(int) number] : Long.toString(returned);
    }
}
