/**
 * Several measurements of one model in one run: suites ask for answers, and what was answered and
 * heard once is stored and shared.
 *
 * <p>Input: a model, a corpus, an out folder. Output there: {@code report.json}, {@code report.md},
 * {@code report.html}, and what a later run goes on from. Read {@link
 * dev.spectron.training.eval.suite.Suite} first, then {@link
 * dev.spectron.training.eval.suite.SuiteRun}.
 */
package dev.spectron.training.eval.suite;
