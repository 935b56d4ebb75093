/**
 * The stable API: open a model, ask it a spoken question, take its spoken answer. No type of any
 * other package appears in a public signature.
 */
package dev.spectron.sdk;
