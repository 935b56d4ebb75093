/**
 * Open checkpoints of others become stages of a bundle: names, shapes and switches are translated
 * once, so that no stage ever sees a foreign name. A folder in the layout of Hugging Face
 * transformers goes in, or a GGUF file; a bundle with one stage comes out. Read {@link
 * dev.spectron.importers.LmImport} first.
 */
package dev.spectron.importers;
