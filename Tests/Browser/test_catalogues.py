# Words stand in the catalogues and nowhere else; both languages say everything, and nothing that nobody shows.
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEB = ROOT / "Services" / "Gateway" / "Web"
SCRIPTS = sorted(path for path in WEB.rglob("*.js"))
CATALOGUES = {code: json.loads((WEB / "strings" / f"{code}.json").read_text())
              for code in ("zh", "en")}


def code_of(path):
    """Without comments."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return re.sub(r"(?m)(?<![:\"'`])//.*$", "", text)


CODE = {path: code_of(path) for path in SCRIPTS}


def test_both_languages_say_everything():
    assert CATALOGUES["zh"].keys() == CATALOGUES["en"].keys()
    for key, words in CATALOGUES["zh"].items():
        assert words and CATALOGUES["en"][key], key
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", CATALOGUES["en"][key])), key


def test_no_key_stands_twice():
    for code in CATALOGUES:
        pairs = json.loads((WEB / "strings" / f"{code}.json").read_text(), object_pairs_hook=list)
        keys = [key for key, _ in pairs]
        assert keys == sorted(set(keys)), f"{code}.json: in order, each once"


def test_the_english_catalogue_is_english_and_the_chinese_chinese():
    han = re.compile(r"[\u4e00-\u9fff]")
    for key, words in CATALOGUES["en"].items():
        assert not han.search(words) or key == "head.other_language", key


def test_every_key_that_code_names_is_there():
    for path, text in CODE.items():
        for key in re.findall(r"\bt\(\s*\"([\w.-]+)\"", text):
            assert key in CATALOGUES["zh"], f"{path.name}: {key}"


def test_every_key_is_used():
    text = "\n".join(CODE.values())
    prefixes = {found for found in re.findall(r"\bt\(`([\w.]+[._])\$\{", text)}
    protos = "\n".join(path.read_text() for path in (ROOT / "Proto").rglob("*.proto"))
    for key in CATALOGUES["zh"]:
        if key.startswith("enum."):
            assert re.search(rf"\b{key[5:]} = ", protos), f"{key} is no value of an enumeration"
            continue
        assert f'"{key}"' in text or any(key.startswith(one) for one in prefixes), key


def test_an_enumeration_is_told_whole_or_not_at_all():
    """A value added to the wire is not shown by its name because its words were forgotten."""
    protos = "\n".join(path.read_text() for path in (ROOT / "Proto").rglob("*.proto"))
    found = 0
    for name, body in re.findall(r"\benum (\w+) \{(.*?)\n\s*\}", protos, re.S):
        values = [value for value in re.findall(r"(?m)^\s*([A-Z0-9_]+) = \d+", body)
                  if not value.endswith("_UNSPECIFIED")]
        told = [value for value in values if f"enum.{value}" in CATALOGUES["zh"]]
        assert told in ([], values), f"{name}: {sorted(set(values) - set(told))}"
        found += bool(told)
    assert found > 20


def test_code_holds_no_words_and_inserts_no_markup():
    for path, text in CODE.items():
        assert not re.search(r"[\u4e00-\u9fff\u3002\uff0c]", text.replace("。", "").replace("、", "").replace("，！？", "")), path.name
        for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                          "dangerouslySetInnerHTML", "new Function"):
            assert forbidden not in text, f"{path.name}: {forbidden}"


def test_markup_carries_no_script_and_no_style_of_its_own():
    for path in WEB.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), path.name


def test_files_stay_small_enough_to_read():
    for path in [*SCRIPTS, *WEB.rglob("*.css")]:
        assert len(path.read_text().splitlines()) <= 300, path.name
