/**
 * The stages wired into one spoken language model: {@link
 * dev.spectron.spokenlm.SpokenLanguageModel} holds the weights and the teacher-forced pass that
 * training uses, {@link dev.spectron.spokenlm.AnswerLoop} the order in which an answer is made.
 * Waveform of a question in; transcript, answer text and waveform out. Read {@link
 * dev.spectron.spokenlm.SpokenLmConfig} first.
 */
package dev.spectron.spokenlm;
