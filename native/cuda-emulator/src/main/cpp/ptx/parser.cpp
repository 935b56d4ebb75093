// Reads the declarations and instructions of a module.
#include <algorithm>

#include "lexer.h"
#include "operation.h"
#include "program.h"

namespace emu {
namespace {

/** Marks a place that stands for a constant until the kernel's constants are counted. */
constexpr uint32_t kConstant = 0x80000000u;

size_t roundUp(size_t n, size_t to) { return (n + to - 1) / to * to; }

struct Variable {
  size_t align = 1;
  size_t bytes = 0;
  std::string name;
};

class Parser {
 public:
  explicit Parser(const std::string& text) : lexer_(text) {}

  std::map<std::string, std::unique_ptr<Kernel>> module() {
    std::map<std::string, std::unique_ptr<Kernel>> kernels;
    for (std::string word = lexer_.next(); !word.empty(); word = lexer_.next()) {
      if (word == ".version" || word == ".target" || word == ".address_size" || word == ".file") {
        lexer_.skipLine();
      } else if (word == ".entry") {
        auto kernel = entry();
        kernels[kernel->name] = std::move(kernel);
      } else if (word == ".shared") {
        Variable shared = variable(";");
        lexer_.expect(";");
        moduleShared_[shared.name] = shared;
      } else if (word != ".visible" && word != ".extern" && word != ".weak") {
        fail("'" + word + "' is not supported outside of a kernel");
      }
    }
    return kernels;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) { throw PtxError(lexer_.line(), reason); }

  /** A declaration behind its space: alignment, type, name, sizes; up to one of the ends. */
  Variable variable(const std::string& ends) {
    Variable found;
    Type type = Type::None;
    for (std::string word = lexer_.next();; word = lexer_.next()) {
      if (word == ".align") {
        found.align = lexer_.number();
      } else if (word[0] == '.') {
        Type named = typeNamed(word.substr(1));
        if (named != Type::None) type = named;
      } else {
        found.name = word;
        break;
      }
    }
    size_t count = 1;
    while (lexer_.accept("[")) {
      if (lexer_.accept("]")) {
        count = 0;
      } else {
        count *= lexer_.number();
        lexer_.expect("]");
      }
    }
    found.align = std::max<size_t>(found.align, bytesOf(type));
    found.bytes = count * bytesOf(type);
    if (ends.find(lexer_.peek()) == std::string::npos) fail("initial values are not supported");
    return found;
  }

  std::unique_ptr<Kernel> entry() {
    auto kernel = std::make_unique<Kernel>();
    kernel_ = kernel.get();
    kernel->name = lexer_.next();
    scopes_.assign(1, {});
    parameters_.clear();
    shared_.clear();
    locals_.clear();
    labels_.clear();
    branches_.clear();
    dynamicShared_.clear();
    nVirtual_ = 0;
    if (lexer_.accept("(")) parameters();
    lexer_.skipPast("{");
    body();
    Instruction end;
    decode(Opcode::parse("ret"), end);
    end.line = lexer_.line();
    kernel->code.push_back(end);
    link();
    return kernel;
  }

  void parameters() {
    while (!lexer_.accept(")")) {
      lexer_.expect(".param");
      Variable parameter = variable(",)");
      kernel_->parameterBytes = roundUp(kernel_->parameterBytes, parameter.align);
      parameters_[parameter.name] = kernel_->parameterBytes;
      kernel_->parameters.emplace_back(kernel_->parameterBytes, parameter.bytes);
      kernel_->parameterBytes += parameter.bytes;
      lexer_.accept(",");
    }
  }

  void body() {
    for (int depth = 1; depth > 0;) {
      std::string word = lexer_.next();
      if (word.empty()) {
        fail("a kernel does not end");
      } else if (word == "{") {
        depth++;
        scopes_.emplace_back();
      } else if (word == "}") {
        depth--;
        scopes_.pop_back();
      } else if (word == ".reg") {
        registers();
      } else if (word == ".shared") {
        place(variable(";"));
        lexer_.expect(";");
      } else if (word == ".local") {
        Variable local = variable(";");
        lexer_.expect(";");
        kernel_->local = roundUp(kernel_->local, local.align);
        locals_[local.name] = kernel_->local;
        kernel_->local += local.bytes;
      } else if (word == ".pragma") {
        lexer_.skipPast(";");
      } else if (word == ".loc") {
        lexer_.skipLine();
      } else if (word != ";") {
        if (lexer_.accept(":")) {
          labels_[word] = kernel_->code.size();
        } else {
          instruction(word);
        }
      }
    }
  }

  void registers() {
    while (lexer_.peek()[0] == '.') lexer_.next();
    do {
      std::string name = lexer_.next();
      if (lexer_.accept("<")) {
        uint64_t count = lexer_.number();
        lexer_.expect(">");
        for (uint64_t i = 0; i < count; i++) scopes_.back()[name + std::to_string(i)] = nVirtual_++;
      } else {
        scopes_.back()[name] = nVirtual_++;
      }
    } while (lexer_.accept(","));
    lexer_.expect(";");
  }

  /** Gives a shared variable its place in the block's memory. */
  size_t place(const Variable& variable) {
    kernel_->staticShared = roundUp(kernel_->staticShared, variable.align);
    shared_[variable.name] = kernel_->staticShared;
    kernel_->staticShared += variable.bytes;
    return shared_[variable.name];
  }

  void instruction(std::string word) {
    Instruction made;
    made.line = lexer_.line();
    if (word == "@") {
      made.guardNegated = lexer_.accept("!");
      made.guard = static_cast<int>(registerNamed(lexer_.next()));
      word = lexer_.next();
    }
    Opcode opcode = Opcode::parse(word);
    if (!decode(opcode, made)) fail("instruction " + word + " is not supported");
    while (!lexer_.accept(";")) {
      operand(made);
      if (!lexer_.accept(",")) lexer_.accept("|");
    }
    bool inShared = made.space == Space::Shared || made.space == Space::Generic;
    bool access = opcode.name == "ld" || opcode.name == "st" || opcode.name == "atom" || opcode.name == "red";
    if (access && inShared && bytesOf(made.type) < 4) kernel_->sharedGranule = 1;
    kernel_->code.push_back(made);
  }

  void operand(Instruction& made) {
    if (lexer_.accept("{")) {
      if (made.text.compare(0, 3, "mov") == 0) useParts(made, made.r.empty());
      while (!lexer_.accept("}")) {
        operand(made);
        lexer_.accept(",");
      }
    } else if (lexer_.accept("[")) {
      made.r.push_back(value(lexer_.next()));
      while (!lexer_.accept("]")) {
        bool minus = lexer_.next() == "-" || lexer_.accept("-");
        int64_t offset = static_cast<int64_t>(lexer_.number());
        made.offset += minus ? -offset : offset;
      }
    } else if (lexer_.accept("!")) {
      made.negated |= 1u << made.r.size();
      made.r.push_back(value(lexer_.next()));
    } else if (lexer_.accept("-")) {
      made.r.push_back(constant(-lexer_.number()));
    } else {
      std::string word = lexer_.next();
      if (opensBranch(made)) {
        branches_.emplace_back(kernel_->code.size(), word);
      } else {
        made.r.push_back(value(word));
      }
    }
  }

  static bool opensBranch(const Instruction& made) { return made.text.compare(0, 3, "bra") == 0; }

  uint32_t registerNamed(const std::string& name) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      auto found = scope->find(name);
      if (found != scope->end()) return found->second;
    }
    fail("'" + name + "' is not known");
  }

  /** The place of a register, a special register, a constant or a variable's address. */
  uint32_t value(const std::string& word) {
    if (word == "_") return nVirtual_++;
    if (std::isdigit(static_cast<unsigned char>(word[0]))) return constant(literal(word));
    auto special = specials().find(word);
    if (special != specials().end()) return kConstant | special->second;
    auto parameter = parameters_.find(word);
    if (parameter != parameters_.end()) return constant(parameter->second);
    auto local = locals_.find(word);
    if (local != locals_.end()) return constant(local->second);
    auto shared = shared_.find(word);
    if (shared != shared_.end()) return constant(shared->second);
    auto declared = moduleShared_.find(word);
    if (declared == moduleShared_.end()) return registerNamed(word);
    if (declared->second.bytes > 0) return constant(place(declared->second));
    uint32_t address = constant(0);
    dynamicShared_.push_back(address & ~kConstant);
    return address;
  }

  static const std::map<std::string, uint32_t>& specials() {
    static const std::map<std::string, uint32_t> names{
        {"%tid.x", kTidX},     {"%tid.y", kTidY},     {"%tid.z", kTidZ},
        {"%ntid.x", kNtidX},   {"%ntid.y", kNtidY},   {"%ntid.z", kNtidZ},
        {"%ctaid.x", kCtaX},   {"%ctaid.y", kCtaY},   {"%ctaid.z", kCtaZ},
        {"%nctaid.x", kNctaX}, {"%nctaid.y", kNctaY}, {"%nctaid.z", kNctaZ},
        {"%laneid", kLane},    {"%warpid", kWarp},    {"%lanemask_lt", kLanesBelow}};
    return names;
  }

  uint64_t literal(const std::string& word) {
    bool bits = word.size() > 2 && word[0] == '0' && std::string("fFdD").find(word[1]) != std::string::npos;
    return bits ? std::stoull(word.substr(2), nullptr, 16) : std::stoull(word, nullptr, 0);
  }

  uint32_t constant(uint64_t bits) {
    kernel_->constants.push_back(bits);
    return kConstant | static_cast<uint32_t>(kSpecials + kernel_->constants.size() - 1);
  }

  /** Constants, registers and branch targets get their final places. */
  void link() {
    kernel_->staticShared = roundUp(kernel_->staticShared, 16);
    for (uint32_t place : dynamicShared_) kernel_->constants[place - kSpecials] = kernel_->staticShared;
    uint32_t first = static_cast<uint32_t>(kSpecials + kernel_->constants.size());
    for (Instruction& made : kernel_->code) {
      for (uint32_t& r : made.r) r = r & kConstant ? r & ~kConstant : first + r;
      if (made.guard >= 0) made.guard += static_cast<int>(first);
    }
    for (auto& [at, label] : branches_) {
      auto found = labels_.find(label);
      if (found == labels_.end()) fail("label '" + label + "' is not known");
      kernel_->code[at].offset = static_cast<int64_t>(found->second);
    }
    kernel_->nRegisters = first + nVirtual_;
  }

  Lexer lexer_;
  std::map<std::string, Variable> moduleShared_;
  Kernel* kernel_ = nullptr;
  std::vector<std::map<std::string, uint32_t>> scopes_;
  std::map<std::string, size_t> parameters_, shared_, locals_, labels_;
  std::vector<std::pair<size_t, std::string>> branches_;
  std::vector<uint32_t> dynamicShared_;
  uint32_t nVirtual_ = 0;
};

}  // namespace

std::map<std::string, std::unique_ptr<Kernel>> parsePtx(const std::string& text) {
  return Parser(text).module();
}

}  // namespace emu
