package io.janklab.workloads.recording;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A third-party program that is recorded and replayed to see how true replays are.
///
/// @param needs what must be installed: commands on the path, or files
public record RecordedProgram(String name, String description, List<String> needs, List<String> command) {
    private static final String JEMALLOC = "/usr/lib/" + multiarch() + "/libjemalloc.so.2";
    private static final String ALLOCATE = """
            import threading
            def f():
                for i in range(150):
                    a = [bytearray(3000 + j * 37) for j in range(400)]
            ts = [threading.Thread(target=f) for _ in range(3)]
            [t.start() for t in ts]
            [t.join() for t in ts]
            """;

    private static final String NGINX = """
            d=$(mktemp -d) && head -c 3000000 /dev/zero > $d/file && echo "daemon off; worker_processes 2; pid $d/pid; error_log $d/log;
            thread_pool default threads=2; events {} http { access_log off; client_body_temp_path $d/b; proxy_temp_path $d/p;
            fastcgi_temp_path $d/f; uwsgi_temp_path $d/u; scgi_temp_path $d/s;
            server { listen 127.0.0.1:7798; root $d; aio threads; } }" > $d/conf
            nginx -p $d -c $d/conf & sleep 0.5
            for i in 1 2 3 4 5 6 7 8; do curl -s -Z http://127.0.0.1:7798/file http://127.0.0.1:7798/file -o /dev/null -o /dev/null; done
            kill -QUIT $(cat $d/pid); wait; rm -r $d
            """;
    private static final String CHROMIUM = """
            d=$(mktemp -d) && echo '<canvas id=c></canvas><script>for (let i = 0; i < 2000; i++) {
            let e = document.createElement("p"); e.textContent = "line " + i; document.body.append(e); }
            c.getContext("2d").fillRect(1, 1, 90, 90)</script>' > $d/page.html
            chromium --headless --no-sandbox --disable-gpu --user-data-dir=$d/data --screenshot=$d/shot.png file://$d/page.html 2>/dev/null
            test -s $d/shot.png; e=$?; rm -r $d; exit $e
            """;

    private static String multiarch() {
        return (System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64") + "-linux-gnu";
    }

    private static RecordedProgram jemalloc(String name, String description, String conf) {
        return new RecordedProgram(name, description, List.of("python3", JEMALLOC),
                List.of("env", "LD_PRELOAD=" + JEMALLOC, "MALLOC_CONF=" + conf, "python3", "-S", "-c", ALLOCATE));
    }

    private static RecordedProgram shell(String name, String description, List<String> needs, String script) {
        return new RecordedProgram(name, description, needs, List.of("sh", "-c", script));
    }

    /// The programs of the standing check.
    public static List<RecordedProgram> all() {
        return List.of(
                jemalloc("jemalloc-dontneed",
                        "python3 under jemalloc, dirty_decay_ms:0: three threads allocate and release (MADV_DONTNEED)",
                        "dirty_decay_ms:0,muzzy_decay_ms:0"),
                jemalloc("jemalloc-free", "the same, dirty_decay_ms:10, muzzy_decay_ms:1000 (MADV_FREE)",
                        "dirty_decay_ms:10,muzzy_decay_ms:1000"),
                new RecordedProgram("stress-vm", "stress-ng --vm 2", List.of("stress-ng"),
                        List.of("stress-ng", "--vm", "2", "--vm-bytes", "32M", "--vm-ops", "3000", "--timeout", "3")),
                new RecordedProgram("stress-mmap", "stress-ng --mmap 2", List.of("stress-ng"),
                        List.of("stress-ng", "--mmap", "2", "--mmap-bytes", "8M", "--timeout", "2")),
                new RecordedProgram("sqlite", "sqlite3, a count over 200,000 random values in memory", List.of("sqlite3"),
                        List.of("sqlite3", ":memory:",
                        "with recursive c(x) as (select 1 union all select x+1 from c where x<200000) select count(distinct "
                                + "hex(randomblob(16))) from c")),
                shell("redis", "redis-server with two I/O threads under redis-benchmark",
                        List.of("redis-server", "redis-benchmark", "redis-cli"),
                        "redis-server --port 7799 --save '' --io-threads 2 >/dev/null & sleep 0.5; "
                                + "redis-benchmark -p 7799 -n 2000 -c 20 -t set,get -d 2000 -q >/dev/null && "
                                + "redis-cli -p 7799 shutdown nosave && wait"),
                shell("nginx", "nginx with two workers and a thread pool, asked by curl", List.of("nginx", "curl", "mktemp"), NGINX),
                shell("chromium", "chromium headless, a screenshot of a page with a canvas and 2,000 elements",
                        List.of("chromium", "mktemp"), CHROMIUM),
                new RecordedProgram("jvm", "javap of the JDK's largest classes: a JVM with its compilers and collector",
                        List.of(Path.of(System.getProperty("java.home"), "bin/javap").toString()),
                        List.of(Path.of(System.getProperty("java.home"), "bin/javap").toString(), "-J-XX:+UseG1GC", "-J-Xmx64m", "-c", "-p",
                                "java.lang.String", "java.util.HashMap",
                                "java.util.concurrent.ConcurrentHashMap", "java.util.regex.Pattern")),
                shell("sort", "GNU sort --parallel=2 of 300,000 lines", List.of("sort", "seq"),
                        "seq 1 300000 | sort -R --parallel=2 -S 20M >/dev/null"));
    }

    /// Those of [#needs] that this host lacks.
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (String need : needs) {
            boolean there = need.startsWith("/")
                    ? Files.exists(Path.of(need))
                    : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(need)));
            if (!there) {
                missing.add(need);
            }
        }
        return missing;
    }
}
