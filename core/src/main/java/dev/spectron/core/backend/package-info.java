/**
 * The contract between models and machines: about 30 coarse operations that every back end
 * implements and no model sees behind. Read {@link dev.spectron.core.backend.Backend} first; {@code
 * ReferenceBackend} is the meaning of every operation.
 */
package dev.spectron.core.backend;
