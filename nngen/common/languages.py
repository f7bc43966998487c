"""The names of the languages of modules: the only list of them."""

from typing import Literal, get_args

Language = Literal["python", "numpy", "javascript", "c", "rust", "go", "java", "csharp", "lua", "php"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
