/**
 * The spoken question-answering corpus: a reviewed table of questions, the rule that holds some
 * out, the allowed synthetic voices, the variations of each clip, and the packed folder that
 * training reads.
 *
 * <p>Input: {@code questions.tsv} and a seed. Output: a folder with {@code corpus.json}, {@code
 * manifest.jsonl} and 16-bit PCM files at 16 kHz. Read {@link
 * dev.spectron.training.corpus.CorpusRenderer} first, then {@link
 * dev.spectron.training.corpus.Corpus}.
 */
package dev.spectron.training.corpus;
