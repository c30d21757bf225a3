package io.janklab.explore.race;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;

/// Loads the simulated kernel anew, with every access to a field, an array or a collection reported to [FieldAccesses] first.
final class InstrumentingLoader extends ClassLoader {
    private static final String OURS = "io.janklab.";
    private static final String NOT_AGAIN = "io.janklab.explore.race.";
    private static final List<String> WATCHED = List.of("io.janklab.kernel.mm.", "io.janklab.explore.RaceExample");
    /// The methods of collections that change them; all others only read.
    private static final Set<String> CHANGES =
            Set.of("add", "addFirst", "addLast", "addAll", "put", "putIfAbsent", "computeIfAbsent", "remove", "removeFirst", "removeLast",
                    "removeIf", "poll", "pollFirst", "pollLast", "pop", "push", "offer", "clear", "set", "merge", "compute", "sort");
    private static final ClassDesc ACCESSES = FieldAccesses.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc TOLD =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object, ConstantDescs.CD_String, ConstantDescs.CD_String);

    InstrumentingLoader() {
        super(InstrumentingLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(NOT_AGAIN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] told = WATCHED.stream().anyMatch(name::startsWith) ? instrumented(bytes) : bytes;
            return defineClass(name, told, 0, told.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] instrumented(byte[] bytes) {
        ClassFile files = ClassFile.of();
        ClassModel model = files.parse(bytes);
        String owner = model.thisClass().asInternalName().replaceFirst(".*/", "");
        return files.transformClass(model, (builder, element) -> {
            if (element instanceof MethodModel method && isWatched(method)) {
                String where = owner + "." + method.methodName().stringValue();
                builder.transformMethod(method, MethodTransform.transformingCode((code, instruction) -> tell(code, instruction, where)));
            } else {
                builder.with(element);
            }
        });
    }

    /// An object under construction is not visible to others yet.
    private static boolean isWatched(MethodModel method) {
        String name = method.methodName().stringValue();
        return !name.equals(ConstantDescs.INIT_NAME) && !name.equals(ConstantDescs.CLASS_INIT_NAME);
    }

    private static void tell(CodeBuilder code, CodeElement element, String where) {
        switch (element) {
            case FieldInstruction field when field.opcode() == Opcode.GETFIELD -> {
                code.dup();
                told(code, "read", owner(field) + field.name().stringValue(), where);
            }
            case FieldInstruction field when field.opcode() == Opcode.PUTFIELD -> {
                int value = spill(code, TypeKind.from(field.typeSymbol()));
                code.dup();
                told(code, "write", owner(field) + field.name().stringValue(), where);
                code.loadLocal(TypeKind.from(field.typeSymbol()), value);
            }
            case ArrayLoadInstruction load -> {
                int index = spill(code, TypeKind.INT);
                code.dup().loadLocal(TypeKind.INT, index);
                toldElement(code, "read", where);
                code.loadLocal(TypeKind.INT, index);
            }
            case ArrayStoreInstruction store -> {
                int value = spill(code, store.typeKind());
                int index = spill(code, TypeKind.INT);
                code.dup().loadLocal(TypeKind.INT, index);
                toldElement(code, "write", where);
                code.loadLocal(TypeKind.INT, index).loadLocal(store.typeKind(), value);
            }
            case InvokeInstruction call when isOfCollection(call) -> {
                List<ClassDesc> parameters = call.typeSymbol().parameterList();
                int[] locals = new int[parameters.size()];
                for (int i = locals.length - 1; i >= 0; i--) {
                    locals[i] = spill(code, TypeKind.from(parameters.get(i)));
                }
                code.dup();
                told(code, CHANGES.contains(call.name().stringValue()) ? "write" : "read", "elements", where);
                for (int i = 0; i < locals.length; i++) {
                    code.loadLocal(TypeKind.from(parameters.get(i)), locals[i]);
                }
            }
            default -> { }
        }
        code.with(element);
    }

    private static String owner(FieldInstruction field) {
        return field.owner().asInternalName().replaceFirst(".*/", "") + ".";
    }

    private static boolean isOfCollection(InvokeInstruction call) {
        boolean virtual = call.opcode() == Opcode.INVOKEVIRTUAL || call.opcode() == Opcode.INVOKEINTERFACE;
        return virtual && call.owner().asInternalName().matches("java/util/\\w*(List|Map|Set|Deque|Queue|Collection|BitSet)");
    }

    private static int spill(CodeBuilder code, TypeKind kind) {
        int local = code.allocateLocal(kind);
        code.storeLocal(kind, local);
        return local;
    }

    private static void told(CodeBuilder code, String what, String field, String where) {
        code.loadConstant(field).loadConstant(where).invokestatic(ACCESSES, what, TOLD);
    }

    /// The array and the index are on the stack: each element is a field of its own.
    private static void toldElement(CodeBuilder code, String what, String where) {
        code.invokestatic(ConstantDescs.CD_String, "valueOf", MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_int))
                .loadConstant(where).invokestatic(ACCESSES, what, TOLD);
    }
}
