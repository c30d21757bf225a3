package io.janklab.launch;

/**
 * Where {@code java -jar janklab.jar} begins. Compiled for Java 8, so that any Java in use can at least say which one is needed.
 */
public final class Launcher {
    private static final int[] MINIMUM = {25, 0, 3};
    private static final int EXIT_BAD_INPUT = 2;

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        String version = System.getProperty("java.version");
        if (!isEnough(version)) {
            System.err.println("janklab needs Java 25.0.3 or newer, and this is Java " + version + ".");
            System.exit(EXIT_BAD_INPUT);
        }
        Class.forName("io.janklab.workloads.cli.Main").getMethod("main", String[].class).invoke(null, (Object) args);
    }

    /** Whether a {@code java.version} ({@code 1.8.0_402}, {@code 17.0.15}, {@code 26-ea}) is at least 25.0.3. */
    static boolean isEnough(String version) {
        String[] parts = version.split("[^0-9]+");
        for (int i = 0; i < MINIMUM.length; i++) {
            int part = i < parts.length && !parts[i].isEmpty() ? Integer.parseInt(parts[i]) : 0;
            if (part != MINIMUM[i]) {
                return part > MINIMUM[i];
            }
        }
        return true;
    }
}
