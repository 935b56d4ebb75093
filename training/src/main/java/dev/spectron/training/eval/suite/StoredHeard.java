package dev.spectron.training.eval.suite;

import dev.spectron.training.eval.Heard;

/**
 * What a recogniser heard around one question: a line of {@code heard.jsonl}.
 *
 * @param item id of the question
 * @param recogniser who listened
 * @param heard what it understood
 */
record StoredHeard(String item, String recogniser, Heard heard) {}
