package io.janklab.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.janklab.allocator.HeapCost;
import io.janklab.allocator.preset.HeapConfig;
import io.janklab.kernel.config.Architecture;
import io.janklab.kernel.config.Hardware;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The simulated kernel's work under buffers.
class SimulatedByteBufAllocatorTest {
    private static final int PAGE = 4096;
    private static final int MIB = 1 << 20;
    private static final ValueLayout.OfLong BIG_ENDIAN_LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

    private final List<SimulatedByteBufAllocator> made = new ArrayList<>();

    private SimulatedByteBufAllocator allocator(String conf) {
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder().heap(HeapConfig.of("jemalloc", conf)).build();
        made.add(allocator);
        return allocator;
    }

    @AfterEach
    void checkStructure() {
        made.forEach(SimulatedByteBufAllocator::check);
    }

    @Test
    void firstTouchOfEachPageIsAFault() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1,cache_oblivious:false");
        ByteBuf buffer = allocator.directBuffer(MIB);
        long before = allocator.metric().pageFaults();
        for (int page = 0; page < MIB / PAGE; page++) {
            buffer.setByte(page * PAGE, page);
            buffer.setByte(page * PAGE + 1, page);
        }
        assertThat(allocator.metric().pageFaults() - before).isEqualTo(MIB / PAGE);
        assertThat(allocator.metric().pageFaultsByVmaLock()).isPositive();
        buffer.release();
    }

    @Test
    void pageDroppedByDontneedReadsZero() {
        for (boolean direct : new boolean[] {true, false}) {
            SimulatedByteBufAllocator allocator = allocator("narenas:1,dirty_decay_ms:0,cache_oblivious:false");
            ByteBuf old = newBuffer(allocator, direct);
            old.setBytes(0, filled(MIB, 7));
            ByteBuffer view = old.nioBuffer(0, MIB);
            old.release();
            assertThat(allocator.metric().madviseDontneed()).isPositive();
            assertThat(view.get(PAGE)).as("seen by a view that outlived its buffer").isZero();

            ByteBuf fresh = newBuffer(allocator, direct);
            assertThat(fresh.getByte(0)).isZero();
            assertThat(fresh.getLong(MIB - 8)).isZero();
            fresh.release();
        }
    }

    private static ByteBuf newBuffer(ByteBufAllocator allocator, boolean direct) {
        return direct ? allocator.directBuffer(MIB) : allocator.heapBuffer(MIB);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void pageUnderFreeReadsOldUntilTheKernelTakesIt() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1,dirty_decay_ms:0,purge_forced:free,cache_oblivious:false");
        ByteBuf old = allocator.directBuffer(MIB);
        old.setBytes(0, filled(MIB, 7));
        old.release();
        assertThat(allocator.metric().madviseFree()).isPositive();
        long faults = allocator.metric().pageFaults();

        ByteBuf again = allocator.directBuffer(MIB);
        assertThat(again.getByte(5 * PAGE)).as("nobody wanted the memory").isEqualTo((byte) 7);
        assertThat(allocator.metric().pageFaults()).isEqualTo(faults);
        again.release();
    }

    @Test
    void pageTheKernelTookBackReadsZero() {
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder()
                .hardware(Hardware.symmetric(Architecture.X86_64, 1, 48 * MIB))
                .heap(HeapConfig.of("jemalloc", "narenas:1,dirty_decay_ms:0,purge_forced:free,cache_oblivious:false,oversize_threshold:0"))
                .build();
        ByteBuf old = allocator.directBuffer(8 * MIB);
        old.setBytes(0, filled(8 * MIB, 7));
        old.release();
        ByteBuf pressure = allocator.directBuffer(42 * MIB);
        pressure.setZero(0, 42 * MIB);
        pressure.release();

        ByteBuf again = allocator.directBuffer(8 * MIB);
        long taken = 0;
        for (int page = 0; page < 8 * MIB; page += PAGE) {
            byte value = again.getByte(page);
            assertThat(value).isIn((byte) 0, (byte) 7);
            taken += value == 0 ? 1 : 0;
        }
        assertThat(taken).as("pages taken by reclaim").isPositive();
        again.release();
    }

    @Test
    void reallocationKeepsContents() {
        for (boolean direct : new boolean[] {true, false}) {
            SimulatedByteBufAllocator allocator = allocator("narenas:1,dirty_decay_ms:0");
            ByteBuf buffer = direct ? allocator.directBuffer(16) : allocator.heapBuffer(16);
            for (int i = 0; i < 300_000; i++) {
                buffer.writeInt(i * 31);
            }
            buffer.capacity(100_000);
            for (int i = 0; i < 25_000; i++) {
                assertThat(buffer.getInt(4 * i)).isEqualTo(i * 31);
            }
            buffer.release();
        }
    }

    @Test
    void metricsTellWhatTheProgramHoldsAndWhatItCost() {
        SimulatedByteBufAllocator allocator = new SimulatedByteBufAllocator();
        ByteBuf direct = allocator.directBuffer(1024);
        ByteBuf heap = allocator.heapBuffer(300);
        assertThat(allocator.metric().usedDirectMemory()).isEqualTo(1024);
        assertThat(allocator.metric().usedHeapMemory()).isEqualTo(320);
        assertThat(allocator.metric().directHeap("stats.allocated")).isPositive();
        assertThat(allocator.metric().virtualTimeNs()).isPositive();
        assertThat(heap.array()).hasSizeGreaterThanOrEqualTo(heap.arrayOffset() + 300);
        direct.writeInt(1);
        assertThat(allocator.metric().residentBytes()).isPositive();
        direct.release();
        heap.release();
        assertThat(allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory()).isZero();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> allocator.metric().javaHeap("stats.nonsense"));
    }

    /// The fast path charges the thread, and a read of the clock shows it paid.
    @Test
    void whatTheThreadCacheServesTakesItsTimeToo() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1");
        allocator.directBuffer(100).release();
        long faults = allocator.metric().pageFaults();
        long before = allocator.metric().virtualTimeNs();
        for (int i = 0; i < 100; i++) {
            allocator.directBuffer(100).release();
        }
        assertThat(allocator.metric().virtualTimeNs() - before).isEqualTo(100 * (HeapCost.MALLOC.defaultNs() + HeapCost.FREE.defaultNs()));
        assertThat(allocator.metric().pageFaults()).isEqualTo(faults);
    }

    /// Between two calls a thread stays on its core: no wake-up and no context switch that the program would not have made.
    @Test
    void oneThreadIsNeverSwitchedOut() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1,cache_oblivious:false");
        ByteBuf buffer = allocator.directBuffer(MIB);
        buffer.setByte(0, 1);
        long cpu = onlyThread(allocator).cpuNs();
        long before = allocator.metric().virtualTimeNs();
        for (int page = 1; page < MIB / PAGE; page++) {
            buffer.setByte(page * PAGE, page);
        }
        assertThat(onlyThread(allocator).cpuNs() - cpu).isEqualTo(allocator.metric().virtualTimeNs() - before);
        assertThat(onlyThread(allocator).pageFaults()).isEqualTo(allocator.metric().pageFaults());
        buffer.release();
    }

    private static ThreadUsage onlyThread(SimulatedByteBufAllocator allocator) {
        assertThat(allocator.metric().threads()).hasSize(1);
        return allocator.metric().threads().getFirst();
    }

    @Test
    void streamsAndChannelsMustStayInside() {
        ByteBuf buffer = SimulatedBuffers.ALLOCATOR.directBuffer(8);
        for (int index : new int[] {-1, 1, 9}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> buffer.getBytes(index, OutputStream.nullOutputStream(), 8));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> buffer.setBytes(index, InputStream.nullInputStream(), 8));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.internalNioBuffer(index, 8));
        }
        buffer.release();
    }

    @Test
    void memoryAddressIsWhereTheBytesAre() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1,cache_oblivious:false");
        ByteBuf buffer = allocator.directBuffer(2 * PAGE);
        buffer.setLong(8, 0x0102030405060708L);
        MemorySegment memory = MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(2 * PAGE);
        assertThat(memory.get(BIG_ENDIAN_LONG, 8)).isEqualTo(0x0102030405060708L);
        memory.set(BIG_ENDIAN_LONG, 2 * PAGE - 8, 42);
        assertThat(buffer.getLong(2 * PAGE - 8)).isEqualTo(42);
        assertThat(allocator.metric().residentBytes()).as("handing it out is a store to all").isGreaterThanOrEqualTo(2 * PAGE);
        assertThat(buffer.slice(100, 10).memoryAddress()).isEqualTo(buffer.memoryAddress() + 100);
        buffer.release();
        assertThatExceptionOfType(IllegalReferenceCountException.class).isThrownBy(buffer::memoryAddress);
        ByteBuf array = allocator.heapBuffer(10);
        assertThat(array.hasMemoryAddress()).isFalse();
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(array::memoryAddress);
        array.release();
    }

    @Test
    void backgroundThreadPurgesWhileTimePasses() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1,background_thread:true,dirty_decay_ms:1000");
        ByteBuf buffer = allocator.directBuffer(4 * MIB);
        buffer.setZero(0, 4 * MIB).release();
        long resident = allocator.metric().residentBytes();
        allocator.passTime(Duration.ofSeconds(3));
        assertThat(allocator.metric().madviseDontneed()).isPositive();
        assertThat(allocator.metric().residentBytes()).isLessThan(resident - 3 * MIB);
    }

    @Test
    void pagesDecayWhileTimePassesOnTheHost() {
        AtomicLong host = new AtomicLong(System.nanoTime());
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder()
                .mallocConf("narenas:1,background_thread:true,dirty_decay_ms:1000").hostClock(host::get).build();
        ByteBuf buffer = allocator.directBuffer(4 * MIB);
        buffer.setZero(0, 4 * MIB).release();
        long resident = allocator.metric().residentBytes();
        assertThat(allocator.metric().madviseDontneed()).isZero();
        Duration passed = Duration.ofSeconds(3);
        host.addAndGet(passed.toNanos());
        allocator.directBuffer(4 * MIB).release();
        assertThat(allocator.metric().virtualTimeNs()).isGreaterThanOrEqualTo(passed.toNanos());
        assertThat(allocator.metric().madviseDontneed()).isPositive();
        assertThat(allocator.metric().residentBytes()).isLessThan(resident - 3 * MIB);
    }

    @Test
    void hostClockIsFollowedIfAskedFor() {
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder().followsHostClock(true).build();
        long made = System.nanoTime();
        allocator.directBuffer(4 * MIB).release();
        LockSupport.parkNanos(10_000_000);
        long parked = System.nanoTime();
        allocator.directBuffer(4 * MIB).release();
        assertThat(allocator.metric().virtualTimeNs()).as("since it was made").isGreaterThanOrEqualTo(parked - made);
    }

    @Test
    void oneThreadGetsTheSameResultEachTime() {
        assertThat(oneThread()).isEqualTo(oneThread());
    }

    private String oneThread() {
        SimulatedByteBufAllocator allocator = allocator("dirty_decay_ms:0");
        Churn.run(allocator, 1, 2000);
        return allocator.metric().toString();
    }

    @Test
    void scudoIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> SimulatedByteBufAllocator.builder().heap(HeapConfig.of("scudo", "")))
                .withMessageContaining("jemalloc and jemalloc-android can");
    }

    /// Without `retain` jemalloc merges neighbouring mappings, whose bytes the host has in different places.
    @Test
    void bufferNeverSpansTwoMappings() {
        SimulatedByteBufAllocator allocator = allocator("narenas:1,retain:false,cache_oblivious:false");
        List<ByteBuf> small = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            small.add(allocator.directBuffer(100_000));
        }
        small.forEach(ByteBuf::release);
        ByteBuf large = allocator.directBuffer(MIB);
        large.setBytes(0, filled(MIB, 7));
        assertThat(large.getLong(MIB - 8)).isEqualTo(0x0707070707070707L);
        large.release();
        Churn.run(allocator, 1, 2000);
    }

    @Test
    void moreThanTheMachineHasIsOutOfMemory() {
        SimulatedByteBufAllocator allocator = SimulatedByteBufAllocator.builder()
                .hardware(Hardware.symmetric(Architecture.X86_64, 1, 32 * MIB)).build();
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> allocator.directBuffer(Integer.MAX_VALUE - 8));
        ByteBuf buffer = allocator.directBuffer(MIB);
        buffer.setInt(0, 42);
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> buffer.capacity(Integer.MAX_VALUE - 8));
        assertThat(buffer.getInt(0)).isEqualTo(42);
        buffer.release();
    }
}
