// Splits PTX text into words.
#pragma once
#include <stdexcept>
#include <string>

namespace emu {

/** A text that is no PTX of the kind understood here; the message names line and reason. */
struct PtxError : std::runtime_error {
  PtxError(int line, const std::string& reason)
      : std::runtime_error("PTX line " + std::to_string(line) + ": " + reason) {}
};

/** The words of a text, comments left out: names with their dots, numbers, strings, single marks. */
class Lexer {
 public:
  explicit Lexer(const std::string& text) : text_(text) {}

  /** The next word; empty at the end. */
  std::string next();

  /** The next word, left in place. */
  std::string peek();

  /** Takes the next word if it is this one. */
  bool accept(const std::string& word);

  /** Takes the next word, which must be this one. */
  void expect(const std::string& word);

  /** A whole number. */
  uint64_t number();

  /** Skips to behind the next such word. */
  void skipPast(const std::string& word);

  /** Skips the rest of the line. */
  void skipLine();

  /** The line of the word taken last, from 1. */
  int line() const { return line_; }

 private:
  void skipBlanks();

  const std::string& text_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace emu
