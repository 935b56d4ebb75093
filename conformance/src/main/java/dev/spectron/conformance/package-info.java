/**
 * What no single module can test of itself: the architecture rules over all classes and poms, and
 * one spoken question from wav to wav on every back end. Test code only.
 */
package dev.spectron.conformance;
