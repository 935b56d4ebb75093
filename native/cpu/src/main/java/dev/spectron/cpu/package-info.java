/**
 * The back end on the Java Vector API: the operations of the contract on the processor, for
 * answering and for evaluation.
 */
package dev.spectron.cpu;
