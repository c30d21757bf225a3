package io.janklab.kernel.lock;

import io.janklab.kernel.config.KernelProfile;
import io.janklab.kernel.config.Switch;

/// Which of their safety rules the VMA locks of a machine keep; all of them, except in an experiment.
///
/// @param rechecksSequence `rule.vma-seq-recheck`
/// @param rechecksDetached `rule.vma-detached-recheck`
/// @param rechecksMm `rule.vma-mm-recheck`
/// @param pinsMm `rule.vma-reader-pins-mm`
/// @param drainsReaders `rule.vma-writer-drains-readers`
/// @param drainsBeforeFree `rule.vma-detach-drains-readers`
record VmaLockRules(
        boolean rechecksSequence,
        boolean rechecksDetached,
        boolean rechecksMm,
        boolean pinsMm,
        boolean drainsReaders,
        boolean drainsBeforeFree) {
    static VmaLockRules of(KernelProfile profile) {
        return new VmaLockRules(
                profile.keeps(Switch.RULE_VMA_SEQ_RECHECK),
                profile.keeps(Switch.RULE_VMA_DETACHED_RECHECK),
                profile.keeps(Switch.RULE_VMA_MM_RECHECK),
                profile.keeps(Switch.RULE_VMA_READER_PINS_MM),
                profile.keeps(Switch.RULE_VMA_WRITER_DRAINS_READERS),
                profile.keeps(Switch.RULE_VMA_DETACH_DRAINS_READERS));
    }
}
