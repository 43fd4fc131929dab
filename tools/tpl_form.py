"""{form}, {field}, {submit}, {errors}: forms that know their operation."""
from gen_util import c_string, fail
from tpl_lang import Value, arguments, as_posted, as_text, c_str

# Input type -> (default control, other controls that a template may ask for).
LINE_TYPES = {"text", "email", "tel", "search", "url", "password"}
CONTROLS = {
    "id": ("number", {"select", "radio", "hidden"}),
    "int": ("number", {"select", "radio", "hidden", "text"}),
    "text": ("text", LINE_TYPES | {"select", "radio", "hidden", "date", "number", "textarea"}),
    "lines": ("textarea", {"hidden"}),
    "email": ("email", {"text", "hidden"}),
    "bool": ("checkbox", {"switch", "select", "hidden"}),
    "slug": ("text", {"search", "select", "radio", "hidden"}),
    "token": ("text", {"search", "select", "radio", "hidden", "tel", "password"}),
    "enum": ("select", {"radio", "hidden"}),
    "password": ("password", set()),
    "secret": ("hidden", set()),
    "path": ("hidden", {"text", "select"}),
    "date": ("date", {"hidden"}),
    "money": ("money", {"hidden"}),
    "map": ("text", LINE_TYPES | {"select", "radio", "hidden", "date", "number", "textarea", "checkbox", "switch"}),
    "list": ("checkbox", {"select", "switch", "hidden"}),
}
OPTIONS = set("label value type help help_text label_text options autocomplete disabled id scope_label key item class "
              "control_class label_hidden placeholder rows readonly autofocus checked empty heading".split())
FLAGS = {"label_hidden", "readonly", "autofocus", "required"}
KEY_TYPES = {"id", "slug"}
LENGTHS = {"text", "lines", "token", "password", "map"}


class Form:
    """A {form} while its inside is read."""

    def __init__(self, name, op, number, loops):
        self.name, self.op, self.number, self.loops = name, op, number, loops
        self.inputs = {i["name"]: i for i in op["inputs"]}
        self.given, self.shown = set(), []
        self.errors_filler, self.autocomplete = None, None
        self.ident, self.id_parts = f"OP_{name.upper()}", []


class Forms:
    """The part of the compiler that writes forms; `t` is the template's compiler."""

    def __init__(self, t):
        self.t, self.form, self.count = t, None, 0

    # -- {form} --

    def open(self, text, where):
        t, code = self.t, self.t.code
        args = arguments(text, where)
        name = args[0][1] if args and args[0][0] is None else fail(where, "{form} of which operation?")
        op = t.tables["ops"].get(name) or fail(where, f"unknown operation {name}")
        if not op["path"]:
            fail(where, f"{name} is `post none`: no form can send it")
        if self.form or t.markup.get_forms:
            fail(where, "a form inside a form")
        t.need_text(where, "{form}")
        self.count += 1
        form = self.form = Form(name, op, self.count, len(t.scope.loops))
        params, attrs = self._form_args(form, args[1:], where)
        code.open(f"if (html_may(o, {form.ident})) {{" if op["right"] != "secret" else "{")
        keys = self._keys(form, params, where)
        here = f"html_form_here(o, {form.ident}, {keys})"
        code.line(f"const struct html_form *f{form.number} = {here};")
        self._id_suffix(form, params, where)
        code.lit('<form method="post" action="')
        self._action(op, params, where)
        code.lit(f'"{attrs}>\n')
        if op["right"] != "secret":
            code.line("html_csrf(o);")
        for pname, value in params.items():
            if "{" + pname + "}" not in op["path"] and value.literal is not False:
                optional_id = form.inputs[pname]["type"] == "id" and form.inputs[pname]["optional"] and value.literal is None
                on = f"if ({value.c}) " if value.type == "bool" or optional_id else ""
                code.line(f"{on}html_hidden(o, {c_str(pname)}, {as_posted(value, where)});")
        code.lit("\n")
        form.errors_filler = code.gap()
        t.markup.stack.append("{form}")
        return t.markup.state()

    def _form_args(self, form, args, where):
        params, attrs = {}, ""
        for key, word in args:
            if key in form.inputs:
                value = self.t.scope.value(word, where)
                self._check_value(form.inputs[key], value, where)
                params[key] = value
                form.given.add(key)
            elif key == "class" and word.startswith('"'):
                attrs += f" class={word}"
            elif key == "form_id" and word.startswith('"'):
                self.t.markup._check_id(word[1:-1], where)
                attrs += f" id={word}"
            elif key == "autocomplete" and word == '"off"':
                form.autocomplete = word
            elif key is None and word == "new_tab":
                attrs += ' target="_blank" rel="noopener"'
            elif key is None and word == "novalidate":
                attrs += " novalidate"
            else:
                fail(where, f"{form.name} has no input {key or word}")
        return params, attrs

    def _check_value(self, inp, value, where):
        kind, name = inp["type"], inp["name"]
        if kind in ("map", "list"):
            fail(where, f"{name} is a {kind}: it is given with {{field …}}")
        if kind == "enum" and value.literal is not None and value.literal not in inp["choices"]:
            fail(where, f"{name} is one of {', '.join(inp['choices'])}")
        wanted = {"id": {"int"}, "int": {"int"}, "bool": {"bool"}, "date": {"date", "time"}, "money": {"money", "int"}}
        allowed = wanted.get(kind, {"text", "int", "url", "local"})
        if value.type not in allowed:
            fail(where, f"{name} wants {kind}, not {value.type}")
        if kind == "int" and value.literal is not None and not inp["lo"] <= value.literal <= inp["hi"]:
            fail(where, f"{name} is {inp['lo']}..{inp['hi']}")

    def _keys(self, form, params, where):
        """What tells this form from others of its operation: ids and slugs, and what stands in the path."""
        keys = [n for n in params if form.inputs[n]["type"] in KEY_TYPES and not form.inputs[n]["optional"]
                or "{" + n + "}" in form.op["path"]]
        if not keys:
            return "NULL, 0"
        pairs = ", ".join(f"{{{c_str(n)}, {as_posted(params[n], where)}}}" for n in keys)
        self.t.code.line(f"const struct html_pair k{form.number}[] = {{{pairs}}};")
        form.id_parts = [f"k{form.number}[{i}].value" for i, n in enumerate(keys) if params[n].literal is None]
        return f"k{form.number}, {len(keys)}"

    def _id_suffix(self, form, params, where):
        """Ids of controls must differ between the forms of one page."""
        parts = form.id_parts or [f"html_int_str(o, (i64)i{loop[3]})" for loop in self.t.scope.loops]
        joined = ", ".join(f'S("-"), {p}' for p in parts)
        form.id_parts = [f"s{form.number}"] if parts else []
        if parts:
            self.t.code.line(f"str s{form.number} UNUSED = ARENA_CAT(o->arena, {joined});")

    def _action(self, op, params, where):
        t = self.t
        t.begin_address(op["area"])
        for piece, is_name in t.path_pieces(op["path"]):
            if not is_name:
                t.code.lit(piece)
            elif piece not in params:
                fail(where, f"the path of the operation needs {piece}=")
            else:
                t.path_part(params[piece], where)

    def close(self, state, where):
        t, form = self.t, self.form
        if t.markup.state() != state:
            fail(where, f"{{/form}} comes while <{t.markup.stack[-1]}> is open")
        t.markup.stack.pop()
        missing = [i["name"] for i in form.op["inputs"]
                   if not i["optional"] and i["type"] not in ("bool", "list", "map") and i["name"] not in form.given]
        if missing:
            fail(where, f"the form never gives {', '.join(missing)}, which {form.name} requires")
        shown = ", ".join(c_str(n) for n in dict.fromkeys(form.shown))
        names = f"(const str[]){{{shown}}}, {len(dict.fromkeys(form.shown))}" if shown else "NULL, 0"
        form.errors_filler(f"html_form_errors(o, f{form.number}, {names});")
        t.code.lit("</form>")
        t.code.close()
        self.form = None

    def errors(self, where):
        if not self.form:
            fail(where, "{errors} stands inside {form …}")
        self.t.need_text(where, "{errors}")
        self.form.errors_filler("/* the messages stand further down */")
        self.form.errors_filler = self.t.code.gap()

    def literal_control(self, name, where):
        """A control written as HTML inside a {form}: its name must be declared too."""
        base = name.split("[")[0].split("{")[0]
        inp = self.form.inputs.get(base)
        if not inp or ("[" in name) != (inp["type"] == "map") or (name != base and inp["type"] != "map"):
            fail(where, f"{self.form.name} has no input {name}")
        if inp["type"] in ("password", "secret") and name == base:
            fail(where, f"{name}: write {{field {name} …}}, which never shows it again")
        self.form.given.add(base)

    # -- {field} --

    def field(self, text, where):
        t = self.t
        if not self.form:
            fail(where, "{field} stands inside {form …}")
        t.need_text(where, "{field}")
        args = arguments(text, where)
        name = args[0][1] if args and args[0][0] is None else fail(where, "{field} of which input?")
        inp = self.form.inputs.get(name) or fail(where, f"{self.form.name} has no input {name}")
        opts = self._field_args(name, inp, args[1:], where)
        if self.form.autocomplete and "autocomplete" in opts:
            opts["autocomplete"] = self.form.autocomplete
        control = self._control(inp, opts, where)
        self.form.given.add(name)
        if control != "hidden" and "item" not in opts:
            self.form.shown.append(name + ("[" if inp["type"] == "map" else ""))
        parts = self._names(inp, opts, where)
        parts += self._labels(inp, opts, control, where)
        parts += self._value(inp, opts, control, where)
        parts += self._details(inp, opts, control, where)
        body = ", ".join(f".{k} = {v}" for k, v in parts)
        t.code.line(f"html_field(o, f{self.form.number}, &(struct html_field){{{body}}});")
        t.code_blocks_close()

    def _field_args(self, name, inp, args, where):
        opts = {}
        for key, word in args:
            if key is None and word in FLAGS:
                opts[word] = True
            elif key and key.startswith("choice_") and word.startswith('"'):
                opts.setdefault("choices", {})[key[7:]] = word[1:-1]
            elif key in OPTIONS and key not in FLAGS:
                opts[key] = word
            else:
                fail(where, f"{{field {name}}} knows no {key or word}")
        for choice in opts.get("choices", {}):
            if choice not in inp["choices"]:
                fail(where, f"{name} has no choice {choice}: {', '.join(inp['choices'])}")
        return opts

    def _literal(self, opts, key, where):
        word = opts.get(key)
        if word is not None and not word.startswith('"'):
            fail(where, f"{key}= is written \"…\"; from data it is {key}_text=field" if key in ("label", "help")
                 else f"{key}= is written \"…\"")
        return word[1:-1] if word is not None else None

    def _control(self, inp, opts, where):
        default, others = CONTROLS[inp["type"]]
        asked = self._literal(opts, "type", where)
        if asked is None:
            asked = default
            if "options" in opts and "select" in others | {default}:
                asked = "select"
            if inp["type"] == "list" and "options" in opts:
                asked = "checks"
        elif asked != default and asked not in others:
            fail(where, f"{inp['name']} is {inp['type']}: type=\"{asked}\" does not fit ({', '.join(sorted(others | {default}))})")
        elif inp["type"] == "list" and asked == "checkbox" and "options" in opts:
            asked = "checks"
        return asked

    def _names(self, inp, opts, where):
        """name, id, item: what is posted, and what the page calls it."""
        t, form, name = self.t, self.form, inp["name"]
        ident = [c_str(f"{form.name}-{name}")] + [p for p in form.id_parts]
        c_name, parts = c_str(name), []
        if (inp["type"] == "map") != ("key" in opts):
            fail(where, f"{name} is a {inp['type']}: " + ("say key=…" if inp["type"] == "map" else "key= is for maps"))
        if "item" in opts and inp["type"] != "list":
            fail(where, f"item= is for lists; {name} is {inp['type']}")
        if inp["type"] == "list" and "item" not in opts and "options" not in opts:
            fail(where, f"{name} is a list: say item=… for one check box, or options=… for all")
        if "key" in opts:
            key = t.scope.value(opts["key"], where)
            c_key = as_posted(key, where)
            c_name = c_str(f"{name}[{key.literal}]") if key.literal is not None else \
                f'ARENA_CAT(o->arena, S("{name}["), {c_key}, S("]"))'
            ident += ['S("-")', c_key]
        elif "item" in opts:
            item = as_posted(t.scope.value(opts["item"], where), where)
            parts.append(("item", item))
            ident += ['S("-")', item]
        else:
            for loop in t.scope.loops[form.loops:]:
                ident += ['S("-")', f"html_int_str(o, (i64)i{loop[3]})"]
        if "id" in opts:
            value = t.scope.value(opts["id"], where)
            if value.literal is not None:
                t.markup._check_id(str(value.literal), where)
            c_id = as_posted(value, where)
        else:
            c_id = ident[0] if len(ident) == 1 else f"ARENA_CAT(o->arena, {', '.join(ident)})"
        return [("name", c_name), ("id", c_id)] + parts

    def _labels(self, inp, opts, control, where):
        if control == "hidden":
            return []
        parts = []
        label = self._literal(opts, "label", where) or inp["label"]
        if "label_text" in opts:
            parts.append(("label_text", as_text(self.t.scope.value(opts["label_text"], where), where)))
        elif label:
            parts.append(("label", c_str(label)))
        else:
            fail(where, f"{inp['name']} needs label=\"…\": every control has a name")
        if "heading" in opts:
            if control in ("checkbox", "switch", "radio", "checks"):
                fail(where, f"heading= is for one control with a label above it, not for a {control}")
            parts.append(("heading", c_string(self._literal(opts, "heading", where))))
        if "help_text" in opts:
            parts.append(("help_text", as_text(self.t.scope.value(opts["help_text"], where), where)))
        for key in ("help", "scope_label", "placeholder"):
            if key == "scope_label" and not opts.get(key, '"').startswith('"'):
                # From data: the field is a msgid, as the literal is.
                parts.append((key, as_text(self.t.scope.value(opts[key], where), where)))
            elif key in opts:
                parts.append((key, c_str(self._literal(opts, key, where))))
        return parts

    def _value(self, inp, opts, control, where):
        t = self.t
        value = t.scope.value(opts["value"], where) if "value" in opts else None
        if control in ("checkbox", "switch"):
            word = opts.get("checked", opts.get("value"))
            checked = t.scope.value(word, where) if word else Value("bool", "false")
            if checked.type != "bool":
                fail(where, f"a check box wants value=boolfield, not {checked.type}")
            return [("checked", checked.c)]
        if inp["type"] in ("password", "secret") and control != "hidden" or control == "password":
            if value:
                fail(where, "a password has no value=: it is never shown")
            return [("never_echo", "true")]
        if inp["type"] == "bool" and value:
            return [("value", f'({value.c} ? S("1") : S("0"))')]
        if not value:
            return [("value", 'S("")')]
        if value.type in ("time", "money") and inp["type"] not in ("date", "money", "map", "text"):
            fail(where, f"{inp['name']} wants {inp['type']}, not {value.type}")
        return [("value", as_posted(value, where))]

    def _details(self, inp, opts, control, where):
        parts = [("control", self._control_word(control))]
        if parts[0][1] == "HTML_INPUT":
            kind = {"money": "text"}.get(control, control)
            parts.append(("type", c_string(kind)))
        if control == "money":
            parts.append(("inputmode", '"decimal"'))
        if control in ("select", "radio", "checks"):
            parts += self._options(inp, opts, control, where)
        elif control == "number":
            parts += [("lo", str(inp["lo"]) if inp["type"] == "int" else "1" if inp["type"] == "id" else "0"),
                      ("hi", str(inp["hi"]) if inp["type"] == "int" else "0")]
        elif inp["type"] in LENGTHS and control not in ("hidden", "date"):
            parts += [("lo", "0" if inp["type"] in ("map",) else str(inp["lo"])),
                      ("hi", "0" if inp["type"] == "map" else str(inp["hi"]))]
        elif inp["type"] in ("email", "slug") and control != "hidden":
            parts.append(("hi", "254" if inp["type"] == "email" else "64"))
        if self._is_required(inp, control) and "required" not in opts:
            parts.append(("required", "true"))
        for key, member in (("autocomplete", "autocomplete"), ("class", "wrap_class"), ("control_class", "class")):
            if key in opts:
                parts.append((member, c_string(self._literal(opts, key, where))))
        for flag in sorted(FLAGS & set(opts)):
            parts.append((flag, "true"))
        if "rows" in opts:
            parts.append(("rows", str(int(opts["rows"])) if opts["rows"].isdigit() else fail(where, "rows= is a number")))
        if "disabled" in opts:
            value = self.t.scope.value(opts["disabled"], where)
            if value.type != "bool":
                fail(where, "disabled= wants a bool")
            parts.append(("disabled", value.c))
        return parts

    def _control_word(self, control):
        words = {"textarea": "HTML_TEXTAREA", "select": "HTML_SELECT", "checkbox": "HTML_CHECKBOX", "switch": "HTML_SWITCH",
                 "radio": "HTML_RADIO", "checks": "HTML_CHECKS", "hidden": "HTML_HIDDEN"}
        return words.get(control, "HTML_INPUT")

    def _is_required(self, inp, control):
        if inp["optional"] or inp["type"] in ("bool", "list", "map") or control == "hidden":
            return False
        return not (inp["type"] in ("text", "lines", "token", "password") and inp["lo"] == 0)

    def _options(self, inp, opts, control, where):
        t, name = self.t, inp["name"]
        parts = [("multiple", "true")] if inp["type"] == "list" and control == "select" else []
        if "options" in opts:
            value = t.scope.value(opts["options"], where)
            if not value.count or value.field.fields.get("value") is None or value.field.fields.get("label") is None:
                fail(where, f"options={opts['options']}: a field of type options, or a list with value text and label text")
            c = value.c if value.field.struct == "html_option" else self._copy_options(value)
            return parts + [("options", c), ("options_n", value.count)]
        if inp["type"] == "bool":
            choices = [("1", "Yes"), ("0", "No")]
        else:
            missing = [c for c in inp["choices"] if c not in opts.get("choices", {})]
            if missing or not inp["choices"]:
                hint = ", ".join(f"choice_{c}=\"…\"" for c in missing)
                fail(where, f"{name}: say options=… or {hint or 'nothing else'}")
            choices = [(c, opts["choices"][c]) for c in inp["choices"]]
        if "empty" in opts:
            choices.insert(0, ("", self._literal(opts, "empty", where)))
        rows = ", ".join(f"{{.value = {c_str(v)}, .label = i18n_get(o->env->lang, {c_str(text)})}}" for v, text in choices)
        return parts + [("options", f"(const struct html_option[]){{{rows}}}"), ("options_n", str(len(choices)))]

    def _copy_options(self, value):
        """A list of the template's own becomes what html_field wants."""
        code, fields = self.t.code, value.field.fields
        self.t.code_blocks_open()
        code.line(f"struct html_option *x = ARENA_ARRAY(o->arena, struct html_option, {value.count});")
        members = ", ".join(f".{n} = {value.c}[n].{n}" for n in ("value", "label", "group", "disabled", "selected") if n in fields)
        code.line(f"for (size_t n = 0; n < {value.count}; n++) x[n] = (struct html_option){{{members}}};")
        return "x"

    # -- {submit} --

    def submit(self, text, where):
        t, code = self.t, self.t.code
        if not self.form:
            fail(where, "{submit} stands inside {form …}")
        t.need_text(where, "{submit}")
        args = arguments(text, where)
        label, rest = None, args
        if args and args[0][0] is None and args[0][1].startswith('"'):
            label, rest = args[0][1][1:-1], args[1:]
        opts = {}
        for key, word in rest:
            if key not in ("class", "name", "value", "disabled", "label_text", "id"):
                fail(where, f"{{submit}} knows no {key or word}")
            opts[key] = word
        if (label is None) == ("label_text" not in opts):
            fail(where, "{submit \"Label\"} or {submit label_text=field}")
        code.lit(f'<button type="submit" class={opts.get("class", chr(34) + "btn btn-primary" + chr(34))}')
        if "id" in opts:
            t.markup._check_id(opts["id"].strip('"'), where)
            code.lit(f' id={opts["id"]}')
        if "name" in opts or "value" in opts:
            self._submit_value(opts, where)
        if "disabled" in opts:
            code.line(f"if ({t.scope.truth(t.scope.path(opts['disabled'], where), '', where)}) html_lit(o, \" disabled\", 9);")
        code.lit(">")
        if label is not None:
            code.line(f"html_message(o, {c_str(label)}, NULL, 0);")
        else:
            code.line(f"html_text(o, {as_text(t.scope.value(opts['label_text'], where), where)});")
        code.lit("</button>")

    def _submit_value(self, opts, where):
        name = opts.get("name", "").strip('"')
        inp = self.form.inputs.get(name) or fail(where, f"{self.form.name} has no input {name}")
        if "value" not in opts:
            fail(where, "name= wants value= too")
        value = self.t.scope.value(opts["value"], where)
        if inp["type"] == "list":
            value.type == "bool" and fail(where, f"{name} is a list of {inp['item']}")
        elif not (inp["type"] == "bool" and value.literal == "1") and not (value.literal is not None and value.type == "text"):
            self._check_value(inp, value, where)
        elif inp["type"] == "enum":
            self._check_value(inp, value, where)
        self.form.given.add(name)
        self.t.code.lit(f' name="{name}" value="')
        self.t.code.line(f"html_text(o, {as_posted(value, where)});")
        self.t.code.lit('"')
