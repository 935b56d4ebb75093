/**
 * JMH benchmarks: single operations against their shapes in the models, and whole answers. Not part
 * of any product jar.
 */
package dev.spectron.bench;
