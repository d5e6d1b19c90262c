"""The demo page: two phones side by side, served as plain files with no build step.

The files are read on every request, so that an edit shows after a reload. The Chinese font is
served from a wheel rather than assumed to be on the viewer's machine: a page whose words come
out as empty boxes demonstrates nothing.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from aiohttp import web

#: Everything comes from this server: the page works with the network cable pulled out, and text
#: that somehow slipped into the markup could neither run nor call anybody.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

#: What the page's folder may hold; a fixed table, because what a machine's own MIME table says
#: of ".js" differs and a module with a wrong type is not run at all.
TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
}

FONT_PACKAGE: Final = "pylopdf_fonts_zh_cn"
FONT_FILE: Final = "NotoSansSC-Regular.otf"


def _folder() -> Traversable:
    return resources.files("emulator").joinpath("page")


def _answer(name: str) -> web.Response:
    """Give one file of the page's folder, or a 404 for anything that is not plainly there."""
    suffix = Path(name).suffix
    if suffix not in TYPES or Path(name).name != name:
        raise web.HTTPNotFound
    file = _folder().joinpath(name)
    if not file.is_file():
        raise web.HTTPNotFound
    return web.Response(
        body=file.read_bytes(),
        content_type=TYPES[suffix],
        charset=None if suffix == ".woff2" else "utf-8",
        headers=HEADERS,
    )


async def _index(_request: web.Request) -> web.Response:
    return _answer("index.html")


async def _file(request: web.Request) -> web.Response:
    return _answer(request.match_info["name"])


async def _font(_request: web.Request) -> web.StreamResponse:
    """Serve the font as it is: 8 MB cost nothing on loopback, and it never changes.

    The style sheet names it after the usual system fonts, so a browser that has Chinese
    glyphs of its own does not even ask for it.
    """
    file = resources.files(FONT_PACKAGE).joinpath(FONT_FILE)
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Type": "font/otf",
        "X-Content-Type-Options": "nosniff",
    }
    if isinstance(file, Path):
        return web.FileResponse(file, headers=headers)
    return web.Response(body=file.read_bytes(), headers=headers)


def mount(app: web.Application) -> None:
    """Serve the page at ``/``, its files under ``/page/`` and its font beside them."""
    app.router.add_get("/", _index)
    app.router.add_get("/page/font.otf", _font)
    app.router.add_get("/page/{name}", _file)
