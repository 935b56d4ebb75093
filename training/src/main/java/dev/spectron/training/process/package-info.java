/** Installed programs, run with a time limit. */
package dev.spectron.training.process;
