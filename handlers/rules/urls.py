"""Canonical URLs: the many URLs of an article get the same form, and two articles never do."""

import re
from typing import Final
from urllib.parse import parse_qs, quote, unquote, unquote_to_bytes, urlsplit

_TRACKING: Final = re.compile(
    r"utm[_-].+|mtm_.+|(?:pk|piwik|matomo)_(?:campaign|kwd|keyword|source|medium|content|cid|vid)|hsa_.+|_hs(?:enc|mi)"
    r"|at_(?:medium|campaign|custom\d|link.*|format|bbc_team|ptr_name|creation|variant|send_date|recipient.*)"
    r"|ns_(?:mchannel|source|campaign|linkname|fee)|mc_(?:cid|eid|tc)|oly_(?:enc|anon)_id|vero_(?:id|conv)|cm_(?:mmc|ven|cat)"
    r"|wt[_.](?:mc|rss).*|guce_.+|guccounter|fb_(?:action|ref|source).*|action_object_map|mkt_tok|_openstat|__source"
    r"|(?:fb|g|d|ms|y|ys|tw|tt|irc|s)cl(?:ck|ic)?k?id|gclsrc|gbraid|wbraid|li_fat_id|igsh(?:id)?|mibextid|_ga|_gl|_rdr"
    r"|__twitter_impression|ref_(?:src|url)|smid|smtyp|soc_(?:src|trk)|share_(?:source|medium)|xs_share|echobox"
    r"|feed(?:type|name)|traffic_source|wpisrc|wpmm|leadsource|srnd|sref|xtor|outputtype|amp"
)
# These identify articles on some sites: removed only if the value is not a number.
_MOSTLY_TRACKING: Final = re.compile(
    r"s_cid|cmp(?:id)?|ncid|icid|taid|ocid|ftag|spm|trackingid|mbid|ito|maca|wickedid|cvid"
)
_SESSION_NAME: Final = re.compile(r"phpsessid|jsessionid|aspsessionid.*|sessionid|session_id|sid|s")
_SESSION_VALUE: Final = re.compile(r"[0-9a-f]{24,}", re.IGNORECASE)
# Removed only if the value shows that the parameter says where the reader came from.
_ORIGIN: Final = re.compile(
    r"source|src|ref|from|cid|mod|via|partner|emc|referrer|referer|origin|campaign|medium|rss|feed"
)
_ORIGIN_VALUE: Final = re.compile(
    r"(?:rss|feed|atom|newsletter|twitter|facebook|linkedin|whatsapp|telegram|email|social|share)(?:[^a-z].*)?|rss.*",
    re.IGNORECASE,
)
_SAFE: Final = "-._~!$'()*,:@"
_COMMON_SECOND_LEVEL: Final = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "or", "ne", "go"})
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_AMP_CACHE: Final = re.compile(r"/[a-z]/(?:(s)/)?([^/]+\.[^/]+(?:/.*)?)")
_SESSION: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE)
_IPV4: Final = re.compile(r"\d+(?:\.\d+){3}")


def canonical_url(url: str) -> str | None:
    """Return the canonical form of a web address, which opens the same page; None for anything else.

    A canonical URL is returned unchanged. Scheme and "www." stay, because not every site answers with and without them;
    `url_key` leaves them out.
    """
    return _canonical(url, depth=0)


def url_key(url: str) -> str | None:
    """Return what all URLs of an article share: the canonical one without scheme and "www."; None for a front page."""
    canonical = canonical_url(url)
    if canonical is None:
        return None
    key = canonical.partition("://")[2]
    key = key.removeprefix("www.")
    if not key.partition("/")[2]:
        return None
    return key


def feed_name(url: str) -> tuple[str, str]:
    """Return what identifies a feed: the canonical form of its address, and the user name and password in the address.

    Unlike an article's key, this includes the credentials, because a server may give each user a different feed.
    """
    try:
        user = urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        user = ""
    return canonical_url(url) or url, user


def _canonical(url: str, *, depth: int) -> str | None:
    url = re.sub(r"[\x00-\x20\x7f\u200b\ufeff]+", lambda found: "%20" if found[0] == " " else "", url.strip())
    if url.startswith("//"):
        url = "https:" + url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not host:
        return None
    wrapped = _unwrapped(host, parts.path, parts.query) if depth < 3 else None
    if wrapped is not None:
        inner = _canonical(wrapped, depth=depth + 1)
        if inner is not None:
            return inner
    name = _host(host)
    if name is None:
        return None
    if port is not None and port != (443 if scheme == "https" else 80):
        name = f"{name}:{port}"
    path = _path(parts.path, has_query=bool(parts.query))
    query = _query(parts.query)
    # "#!/story/1" and "#/story/1" identify a page of their own; any other fragment is a position on the page.
    fragment = f"#{_encoded(parts.fragment, '/?=&!')}" if re.match(r"!?/.", parts.fragment) else ""
    return f"{scheme}://{name}{path}{'?' + query if query else ''}{fragment}"


def _host(host: str) -> str | None:
    """Return the host in lower case and ASCII (IDNA), without labels for mobile and AMP sites; None if invalid."""
    host = host.rstrip(".").lower()
    if ":" in host:  # an IPv6 literal
        return f"[{host}]"
    if _IPV4.fullmatch(host):
        return host
    labels = []
    for label in re.split(r"[.\u3002\uff0e\uff61]", unquote(host)):
        if label.isascii():
            name = label
        elif "ß" in label or "ς" in label:  # Python's codec is IDNA 2003, which maps these to another name
            name = "xn--" + label.encode("punycode").decode()
        else:
            try:
                name = label.encode("idna").decode()
            except UnicodeError:
                return None
        if not re.fullmatch(r"[a-z0-9_-]{1,63}", name):
            return None
        labels.append(name)
    if labels[0] in ("m", "mobile", "amp", "wap") and _is_a_site(labels[1:]):
        labels = labels[1:]
    elif len(labels) >= 4 and labels[1] == "m":  # en.m.wikipedia.org
        labels = [labels[0], *labels[2:]]
    return ".".join(labels)


def _is_a_site(labels: list[str]) -> bool:
    return len(labels) > 2 or (len(labels) == 2 and not (len(labels[1]) == 2 and labels[0] in _COMMON_SECOND_LEVEL))


def _path(path: str, *, has_query: bool) -> str:
    path = _SESSION.sub("", path)
    path = "/" + path.lstrip("/")
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            if segments:
                segments.pop()
        elif segment != ".":
            segments.append(_encoded(segment, ";=+&"))
    path = _without_amp("/" + "/".join(segments))
    if not has_query:
        path = _INDEX.sub("/", path)
    return path.rstrip("/") if path.rstrip("/") else "/"


def _without_amp(path: str) -> str:
    """Return the path of the page of which this is the AMP version.

    /news/story/amp, /news/story.amp.html and /amp/news/story are AMP versions of /news/story.
    """
    bare = path.rstrip("/")
    for ending in ("/amp", ".amp", ".amp.html", "/amp.html"):
        rest = bare.removesuffix(ending)
        if rest != bare and _names_an_article(rest):
            return rest + (".html" if ending == ".amp.html" else "")
    if path.startswith("/amp/") and _names_an_article(path[4:]):
        return path[4:]
    return path


def _names_an_article(path: str) -> bool:
    return bool(re.search(r"\d|-|_|\.html?$", path)) or path.strip("/").count("/") >= 1


def _query(query: str) -> str:
    """Return the query without tracking parameters, sorted by name; parameters of the same name stay in order."""
    parameters = []
    for pair in query.split("&"):
        pair = pair.removeprefix("amp;").removeprefix("amp%3B")
        name, equals, value = pair.partition("=")
        plain = unquote(name).lower()
        if not pair or _is_tracking(plain, unquote(value), bare=not equals):
            continue
        encoded = _encoded(name.replace("+", "%20"), "/;?[]")
        parameters.append((encoded, encoded + equals + _encoded(value.replace("+", "%20"), "/;?=[]")))
    return "&".join(pair for _, pair in sorted(parameters, key=lambda pair: pair[0]))


def _is_tracking(name: str, value: str, *, bare: bool) -> bool:
    if _TRACKING.fullmatch(name):
        return True
    if _MOSTLY_TRACKING.fullmatch(name):
        return not value.isdigit()
    if _SESSION_NAME.fullmatch(name):
        return _SESSION_VALUE.fullmatch(value) is not None
    if name in ("rss", "feed") and (bare or value in ("1", "true", "yes")):
        return True
    return _ORIGIN.fullmatch(name) is not None and _ORIGIN_VALUE.fullmatch(value) is not None


def _encoded(text: str, safe: str) -> str:
    """Return the text with only the necessary characters percent-encoded, as UTF-8 in upper-case hexadecimal."""
    out = []
    for piece in re.split(r"((?:%[0-9a-fA-F]{2})+)", text):
        if piece.startswith("%") and len(piece) >= 3:
            out.append(_recoded(piece))
        else:
            out.append(quote(piece.replace("%", "%25"), safe=_SAFE + safe + "%"))
    return "".join(out)


def _recoded(escapes: str) -> str:
    return quote(unquote_to_bytes(escapes), safe="-._~")


def _unwrapped(host: str, path: str, query: str) -> str | None:
    """Return the URL inside that of a search engine, a social network or an AMP cache; None for other URLs."""
    viewer = re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host) and path.startswith("/amp/")
    if viewer or host.endswith(".cdn.ampproject.org"):
        found = _AMP_CACHE.fullmatch("/c" + path.removeprefix("/amp") if viewer else path)
        return f"http{found[1] or ''}://{found[2]}{'?' + query if query else ''}" if found else None
    if (
        (re.fullmatch(r"(?:www\.)?google\.[a-z.]+", host) and path == "/url")
        or (re.fullmatch(r"lm?\.(?:facebook|instagram)\.com", host) and path.rstrip("/") in ("/l.php", ""))
        or (re.fullmatch(r"(?:www\.)?bing\.com", host) and path.startswith("/news/apiclick"))
    ):
        inside = parse_qs(query)
        for name in ("url", "q", "u"):
            for value in inside.get(name, []):
                if value.startswith(("http://", "https://")):
                    return value
    return None
