package io.janklab.workloads.sweep.remote;

import io.janklab.workloads.input.BadInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/// A folder in any file system that Hadoop has: `s3a://bucket/sweep`, `hdfs://host/sweep`, `file:///mnt/sweep`.
public final class HadoopFolder implements RemoteFolder {
    /// The prefix by which spark-submit passes options to Hadoop.
    private static final String OPTION = "spark.hadoop.";

    private final String address;
    private final FileSystem files;
    private final Path root;

    private HadoopFolder(String address, FileSystem files) {
        this.address = address;
        this.files = files;
        this.root = new Path(address);
    }

    /// @throws BadInput if there is no file system for that address
    public static HadoopFolder open(String address) {
        try {
            return new HadoopFolder(address, FileSystem.newInstance(URI.create(address), configuration()));
        } catch (IOException | IllegalArgumentException e) {
            throw new BadInput("--out " + address + ": Hadoop has no file system for it (" + e.getMessage() + ").");
        }
    }

    private static Configuration configuration() {
        Configuration configuration = new Configuration();
        Properties system = System.getProperties();
        system.stringPropertyNames().stream().filter(name -> name.startsWith(OPTION))
                .forEach(name -> configuration.set(name.substring(OPTION.length()), system.getProperty(name)));
        return configuration;
    }

    @Override
    public List<String> names() throws IOException {
        try {
            return Arrays.stream(files.listStatus(root)).filter(FileStatus::isFile).map(file -> file.getPath().getName()).sorted().toList();
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    @Override
    public void fetch(String name, java.nio.file.Path to) throws IOException {
        try (InputStream in = files.open(new Path(root, name))) {
            Files.copy(in, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public void put(FileContents contents, String name) throws IOException {
        try (OutputStream out = files.create(new Path(root, name), true)) {
            contents.writeTo(out);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        files.delete(new Path(root, name), false);
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new BadInput("--out " + address + " cannot be written (" + e.getMessage() + ").");
        }
    }

    @Override
    public String toString() {
        return address;
    }
}
