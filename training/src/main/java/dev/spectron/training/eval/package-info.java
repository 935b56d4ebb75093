/**
 * What a model is worth: answers to spoken questions it never heard, beside what simpler means
 * reach on the same questions.
 *
 * <p>Input: a model, a corpus. Output: a report as JSON and as tables. Read {@link
 * dev.spectron.training.eval.Evaluation} first, then {@link dev.spectron.training.eval.Figures};
 * suites over the same questions are in {@code suite}.
 */
package dev.spectron.training.eval;
