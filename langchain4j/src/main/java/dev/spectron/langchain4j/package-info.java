/**
 * The model as LangChain4j knows models: as one that transcribes, and as one that hears a question
 * and says the answer. It is no {@code TextToSpeechModel}, since no text goes into it.
 */
package dev.spectron.langchain4j;
