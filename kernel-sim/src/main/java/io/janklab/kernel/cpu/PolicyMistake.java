package io.janklab.kernel.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.classfile.instruction.LineNumber;
import java.util.Optional;

/// A lock policy, or one of another kind, has decided what no kernel could do.
public final class PolicyMistake extends KernelRuleBroken {
    private static final long serialVersionUID = 1;
    private static final String BUILT_IN = "io.janklab.kernel.lock.policy.";

    private final transient Class<?> policy;

    /// @param method that decided so, by its name
    /// @param sentence without a full stop
    public PolicyMistake(Object policy, String method, String sentence) {
        super(sentence + place(policy.getClass(), method));
        this.policy = policy.getClass();
    }

    /// A sentence that begins with the policy's name.
    ///
    /// @param does the rest of it, as ` places a waiter at 7`
    public static PolicyMistake of(Object policy, String method, String does) {
        return new PolicyMistake(policy, method, policy.getClass().getSimpleName() + does);
    }

    public Class<?> policy() {
        return policy;
    }

    /// ` (place, MyPolicy.java:7)` of the class that declares the method, or only its name where that cannot be known or is Linux's.
    private static String place(Class<?> policy, String method) {
        for (Class<?> each = policy; each != null && !each.getName().startsWith(BUILT_IN); each = each.getSuperclass()) {
            Optional<String> found = line(each, method);
            if (found.isPresent()) {
                return " (" + method + ", " + found.get() + ")";
            }
        }
        return " (" + method + ")";
    }

    private static Optional<String> line(Class<?> type, String method) {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream octets = type.getResourceAsStream(file)) {
            return octets == null ? Optional.empty() : line(ClassFile.of().parse(octets.readAllBytes()), method);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> line(ClassModel type, String method) {
        String source = type.findAttribute(Attributes.sourceFile()).map(SourceFileAttribute::sourceFile).map(Object::toString).orElse("");
        for (MethodModel each : type.methods()) {
            if (each.methodName().equalsString(method) && each.code().isPresent()) {
                for (CodeElement element : each.code().get()) {
                    if (element instanceof LineNumber number) {
                        return Optional.of(source + ":" + number.line());
                    }
                }
            }
        }
        return Optional.empty();
    }
}
