package io.janklab.kernel.mm.edit;

import io.janklab.kernel.config.Switch;
import io.janklab.kernel.cpu.Task;
import io.janklab.kernel.mm.space.AnonVma;
import io.janklab.kernel.mm.space.AnonVmas;
import io.janklab.kernel.mm.space.Mm;
import io.janklab.kernel.mm.space.VirtualFile;
import io.janklab.kernel.mm.space.VmFlags;
import io.janklab.kernel.mm.space.Vma;
import io.janklab.kernel.mm.space.VmaTraits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One change to the bounds of neighbouring VMAs (Linux `vma_prepare` … `vma_complete`).
///
/// All of them are write-locked first, which waits for their readers; their anon_vma is locked while its tree is out of date.
final class VmaEdit {
    private final Task task;
    private final Mm mm;
    private final Vma[] vmas;
    /// The changes to the tree, which appear as one.
    private final List<Runnable> changes = new ArrayList<>(3);
    /// What has left the tree, and is freed at the end.
    private final List<Vma> removed = new ArrayList<>(2);
    private final @Nullable AnonVma anonVma;
    /// The file they all map, or null.
    private final @Nullable VirtualFile file;
    /// `rule.anon-vma-lock-in-vma-edit`: a reverse-map walk must not find the VMAs missing.
    private final boolean locksAnonVma;
    /// `rule.mremap-merge-anon-vma`.
    private final boolean passesAnonVmaOn;

    private VmaEdit(Task task, Mm mm, @Nullable Vma donor, Vma[] vmas) {
        this.task = task;
        this.mm = mm;
        this.vmas = vmas;
        AnonVma common = commonAnonVma(vmas);
        this.anonVma = common == null && donor != null ? donor.anonVma() : common;
        this.file = vmas[0].file();
        this.passesAnonVmaOn = mm.memory().profile().keeps(Switch.RULE_MREMAP_MERGE_ANON_VMA);
        this.locksAnonVma = mm.memory().profile().keeps(Switch.RULE_ANON_VMA_LOCK_IN_VMA_EDIT);
    }

    /// Locks the VMAs that will change. The caller holds mmap_lock for writing; those VMAs that have an anon_vma, and `donor`, which may be
    /// null and stays as it is, all have the same one.
    static VmaEdit prepare(Task task, Mm mm, @Nullable Vma donor, Vma... vmas) {
        for (Vma vma : vmas) {
            mm.startWrite(task, vma);
        }
        VmaEdit edit = new VmaEdit(task, mm, donor, vmas);
        edit.lockFile();
        edit.detachFromAnonVma();
        return edit;
    }

    private void lockFile() {
        if (file != null) {
            file.mmapRwsem().downWrite(task);
        }
    }

    private static @Nullable AnonVma commonAnonVma(Vma[] vmas) {
        for (Vma vma : vmas) {
            if (vma.anonVma() != null) {
                return vma.anonVma();
            }
        }
        return null;
    }

    private void detachFromAnonVma() {
        if (anonVma == null) {
            return;
        }
        if (locksAnonVma) {
            anonVma.rwsem().downWrite(task);
        }
        for (Vma vma : vmas) {
            if (vma.anonVma() != null) {
                anonVmas().remove(vma);
            }
        }
    }

    private AnonVmas anonVmas() {
        return mm.memory().anonVmas();
    }

    /// A huge mapping that a new bound would cut is split (`vma_adjust_trans_huge`).
    void resize(Vma vma, long start, long end) {
        mm.hugePmds().splitAt(task, start);
        mm.hugePmds().splitAt(task, end);
        changes.add(() -> mm.vmas().setBounds(vma, start, end));
    }

    /// Removes from the address space a VMA that another one has absorbed.
    void remove(Vma vma) {
        changes.add(() -> mm.vmas().remove(vma));
        removed.add(vma);
        if (file != null) {
            file.remove(vma);
        }
    }

    /// Removes VMAs that map nothing any more and over which another one grows.
    void overwrite(List<Vma> replaced) {
        changes.add(() -> replaced.forEach(mm.vmas()::remove));
        removed.addAll(replaced);
    }

    /// Puts in a new VMA, write-locked already.
    void add(Vma vma) {
        changes.add(() -> {
            vma.markAttached();
            mm.vmas().insert(vma);
        });
        if (file != null) {
            file.insert(vma);
        }
    }

    /// `grown` absorbs what `donor` mapped: its sticky flags, and its anon_vma if it has none (`dup_anon_vma`).
    void inherit(Vma grown, Vma donor) {
        grown.setFlags(grown.flags() | (donor.flags() & VmFlags.VM_STICKY));
        if (grown.anonVma() == null) {
            anonVmas().copyChain(grown, donor);
        }
    }

    /// `grown` absorbs new memory of these traits, or what comes from `moved`.
    void inherit(Vma grown, VmaTraits traits, @Nullable Vma moved) {
        grown.setFlags(grown.flags() | (traits.flags() & VmFlags.VM_STICKY));
        if (moved != null && passesAnonVmaOn) {
            inherit(grown, moved);
        }
    }

    /// Makes the changes, in one store, then puts the VMAs that remain, and `added`, back on their anon_vma and unlocks it.
    void complete(Vma... added) {
        mm.vmas().beginStore();
        changes.forEach(Runnable::run);
        mm.vmas().endStore();
        if (anonVma != null) {
            completeAnonVma(added);
        }
        if (file != null) {
            file.mmapRwsem().upWrite(task);
        }
        for (Vma vma : removed) {
            vma.markDetached(task);
            mm.freeVma(task, vma);
        }
    }

    private void completeAnonVma(Vma[] added) {
        insertAttached(vmas);
        insertAttached(added);
        for (Vma vma : vmas) {
            if (removed.contains(vma)) {
                anonVmas().forget(vma);
            }
        }
        if (locksAnonVma) {
            Objects.requireNonNull(anonVma).rwsem().upWrite(task);
        }
    }

    private void insertAttached(Vma[] candidates) {
        for (Vma vma : candidates) {
            if (!removed.contains(vma) && vma.anonVma() != null) {
                anonVmas().insert(vma);
            }
        }
    }
}
