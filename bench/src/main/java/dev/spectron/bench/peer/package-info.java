/** The same work on this project's back ends and on those of others, in turn, as ratios. */
package dev.spectron.bench.peer;
