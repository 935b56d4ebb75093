/** Where all requests meet the one model: who may wait for it, and what is measured. */
package dev.spectron.server.answer;
