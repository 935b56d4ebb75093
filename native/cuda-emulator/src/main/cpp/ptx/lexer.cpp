#include "lexer.h"

#include <cctype>

namespace emu {

static bool inName(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || c == '%' || c == '.';
}

void Lexer::skipBlanks() {
  while (at_ < text_.size()) {
    if (std::isspace(static_cast<unsigned char>(text_[at_]))) {
      line_ += text_[at_++] == '\n';
    } else if (text_.compare(at_, 2, "//") == 0) {
      while (at_ < text_.size() && text_[at_] != '\n') at_++;
    } else if (text_.compare(at_, 2, "/*") == 0) {
      size_t end = text_.find("*/", at_ + 2);
      if (end == std::string::npos) throw PtxError(line_, "a comment does not end");
      for (; at_ < end + 2; at_++) line_ += text_[at_] == '\n';
    } else {
      return;
    }
  }
}

std::string Lexer::next() {
  skipBlanks();
  if (at_ >= text_.size()) return "";
  size_t begin = at_;
  if (text_[at_] == '"') {
    size_t end = text_.find('"', at_ + 1);
    if (end == std::string::npos) throw PtxError(line_, "a string does not end");
    at_ = end + 1;
  } else if (inName(text_[at_])) {
    // A qualifier such as .shared::cta is one word with its name.
    while (at_ < text_.size() && (inName(text_[at_]) || text_.compare(at_, 2, "::") == 0)) {
      at_ += text_[at_] == ':' ? 2 : 1;
    }
  } else {
    at_++;
  }
  return text_.substr(begin, at_ - begin);
}

std::string Lexer::peek() {
  size_t at = at_;
  int line = line_;
  std::string word = next();
  at_ = at;
  line_ = line;
  return word;
}

bool Lexer::accept(const std::string& word) {
  if (peek() != word) return false;
  next();
  return true;
}

void Lexer::expect(const std::string& word) {
  std::string found = next();
  if (found != word) throw PtxError(line_, "expected " + word + ", found '" + found + "'");
}

uint64_t Lexer::number() {
  std::string word = next();
  if (word.empty() || !std::isdigit(static_cast<unsigned char>(word[0]))) {
    throw PtxError(line_, "expected a number, found '" + word + "'");
  }
  return std::stoull(word, nullptr, 0);
}

void Lexer::skipPast(const std::string& word) {
  for (std::string found = next(); found != word; found = next()) {
    if (found.empty()) throw PtxError(line_, "expected " + word + ", found the end");
  }
}

void Lexer::skipLine() {
  while (at_ < text_.size() && text_[at_] != '\n') at_++;
}

}  // namespace emu
