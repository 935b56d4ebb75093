package dev.spectron.bench.peer;

/**
 * Someone who does the work.
 *
 * @param name as in a report
 * @param work does it once
 * @param close frees what it holds
 */
record Contender(String name, Runnable work, Runnable close) {}
