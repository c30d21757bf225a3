/// Binder's use of the address spaces of processes that receive transactions (Linux `drivers/android/binder_alloc.c`).
@NullMarked
package io.janklab.kernel.mm.binder;

import org.jspecify.annotations.NullMarked;
