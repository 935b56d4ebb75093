/** Makes models smaller: which weights become integers, and what it costs. */
package dev.spectron.training.quantise;
