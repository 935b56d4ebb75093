/**
 * A CUDA driver without a GPU, for tests: {@code libcuda.so.1} and {@code libcublas.so.12} that
 * execute PTX on the CPU and stop at the first thing a kernel does wrong. Start with {@link
 * dev.spectron.cuda.emulator.Emulator}; the native sources are under {@code src/main/cpp}.
 */
package dev.spectron.cuda.emulator;
