/**
 * Layouts of stored matrices that kernels read in place: panels of sixteen rows, as bf16 or in
 * blocks of a few bits.
 */
package dev.spectron.core.packing;
