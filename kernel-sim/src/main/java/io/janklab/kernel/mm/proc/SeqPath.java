package io.janklab.kernel.mm.proc;

/// File names in files of `/proc` (Linux `seq_path`, `mangle_path`).
final class SeqPath {
    private SeqPath() {}

    /// `path` with each character of `escaped` as a backslash and three octal digits. A backslash stays as it is unless it is one of them,
    /// so that names are not unique, as in the kernel.
    static String mangled(String path, String escaped) {
        StringBuilder mangled = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (escaped.indexOf(c) >= 0) {
                mangled.append('\\').append((char) ('0' + (c >> 6))).append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
            } else {
                mangled.append(c);
            }
        }
        return mangled.toString();
    }
}
