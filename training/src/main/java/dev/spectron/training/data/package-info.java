/**
 * From corpus to padded batches: log-mel spectrograms of questions and answers, augmentation,
 * length bucketing, text-only batches. Read {@link dev.spectron.training.data.SpeechData} first.
 */
package dev.spectron.training.data;
