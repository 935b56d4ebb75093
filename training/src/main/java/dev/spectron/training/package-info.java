/**
 * From a corpus of spoken questions and answers to a model bundle: manifests, batches, losses, the
 * loop, checkpoints and export. Nobody who only answers depends on it.
 */
package dev.spectron.training;
