/** How fast each stage of a model is, beside what the machine can do. */
package dev.spectron.spokenlm.bench;
