"""Fifteen layouts that the rules were made with."""

from __future__ import annotations

from tests.pages.sheet import Sheet


def semantic(s: Sheet) -> str:
    """Tags that say what they are."""
    aside = f"<aside class='read-also'><h3>{s.text('inline_heading')}</h3><ul>{s.links('inline')}</ul></aside>"
    return f"""{s.head(s.meta(), s.data())}<body>
<header><a class='logo' href='/'>{s.text("site")}</a><nav><ul>{s.links("nav")}</ul></nav></header>
<main><nav aria-label='breadcrumb'><ol>{s.links("crumbs")}</ol></nav>
<article><header><p class='kicker'>{s.text("kicker")}</p><h1>{s.title}</h1>
<p class='byline'>{s.text("byline")}</p><time datetime='{s.day}'>{s.text("dated")}</time></header>
<figure><img src='a.jpg' alt=''><figcaption>{s.text("caption")} <span>{s.text("credit")}</span></figcaption></figure>
{s.body(inside={2: aside})}
<footer class='tags'><h4>{s.text("tags_heading")}</h4><ul>{s.links("tags")}</ul></footer></article>
<aside><h2>{s.text("most_heading")}</h2><ol>{s.links("most")}</ol></aside></main>
<footer><p>{s.text("legal")}</p><ul>{s.links("feet")}</ul></footer></body></html>"""


def blog(s: Sheet) -> str:
    """A blog's divs, with comments in a list."""
    comments = s.cards(
        "<li class='comment'><cite>{head}</cite><div><p>{text}</p></div></li>", "comments"
    )
    return f"""{s.head(s.meta())}<body class='single-post'><div id='page' class='site'>
<div id='masthead'><div class='site-title'>{s.text("site")}</div><div class='menu-main'><ul class='menu'>{s.links("nav")}</ul></div></div>
<div id='content'><div id='primary' class='content-area'><div id='post-1' class='post hentry'>
<div class='entry-header'><h1 class='entry-title'>{s.title}</h1><div class='entry-meta'>{s.text("dated")} <span class='author'>{s.text("byline")}</span></div></div>
<div class='entry-content'>{s.body()}
<div class='sharing'><ul>{s.links("share")}</ul></div>
<div id='related-posts' class='related-posts'><h3>{s.text("related_heading")}</h3>{s.cards("<div class='related-post'><h4><a href='/{n}'>{head}</a></h4><p>{text}</p></div>")}</div>
</div><div class='entry-footer'>{s.text("tags_heading")}: {s.links("tags", "<a rel='tag' href='/{n}'>{text}</a> ")}</div></div>
<div id='comments'><h2>{s.text("comments_heading")}</h2><ol class='comment-list'>{comments}</ol></div></div>
<div id='secondary' class='widget-area'><div class='widget'><h2>{s.text("most_heading")}</h2><ul>{s.links("most")}</ul></div></div></div>
<div id='colophon'>{s.text("legal")}</div></div></body></html>"""


def deep(s: Sheet) -> str:
    """Divs in divs in divs, with names that tell."""
    box = f"<div class='story-related-inline'><div class='hd'>{s.text('inline_heading')}</div><div>{s.links('inline', '<div><a href=/{n}>{text}</a></div>')}</div></div>"
    opened = "".join(f"<div class='l{n}'>" for n in range(12))
    return f"""{s.head(s.data())}<body><div class='wrap'><div class='top-bar'><div class='top-nav'>{s.links("nav", "<div class='nav-item'><a href='/{n}'>{text}</a></div>")}</div></div>
<div class='outer'>{opened}<div class='story'><div class='story-head'><div class='story-title'><h1>{s.title}</h1></div><div class='story-byline'>{s.text("byline")}</div><div class='story-date'>{s.text("dated")}</div></div>
<div class='story-body'><div class='story-body-inner'>{s.body("<div class='par'><p>{}</p></div>", inside={1: box})}</div></div>
<div class='story-newsletter'><div><p>{s.texts("newsletter")[1]}</p><form><input name='mail'><button>ok</button></form></div></div></div>{"</div>" * 12}
<div class='rail'><div class='rail-box'><div class='rail-title'>{s.text("most_heading")}</div>{s.links("most", "<div class='rail-item'><a href='/{n}'>{text}</a></div>")}</div></div></div>
<div class='bottom'><div>{s.text("legal")}</div><div>{s.links("feet", "<a href='/{n}'>{text}</a> ")}</div></div></div></body></html>"""


def hashed(s: Sheet) -> str:
    """Names made by a machine: only the structure tells."""
    box = f"<div class='c1x9'><h3 class='k88d'>{s.text('related_heading')}</h3>{s.links('related', '<div class=z0q><a class=q1 href=/{n}>{text}</a></div>')}</div>"
    cards = s.cards(
        "<div class='x7'><a href='/{n}'><h3 class='f2'>{head}</h3></a><p class='p9'>{text}</p></div>"
    )
    return f"""{s.head(s.meta(), s.data())}<body><div id='root'><div class='a1b'><div class='b2c'>{s.links("nav", "<a class='m' href='/{n}'>{text}</a>")}</div></div>
<div class='c3d'><div class='d4e'><div class='e5f'><h1 class='h9'>{s.title}</h1><div class='g7'>{s.text("byline")}</div><div class='g8'>{s.text("dated")}</div></div>
<div class='f6g'>{s.body("<p class='p1'>{}</p>", inside={2: box}, standfirst="<p class='p0'>{}</p>")}</div>
<div class='n5'><div class='n6'>{s.texts("newsletter")[0]}</div><div class='n7'>{s.texts("newsletter")[1]}</div><form><input type='email'></form></div>
<div class='t3'><h2 class='t4'>{s.text("teaser_heading")}</h2><div class='t5'>{cards}</div></div></div></div>
<div class='z9'><div>{s.text("legal")}</div></div></div></body></html>"""


def tables(s: Sheet) -> str:
    """An old site: its columns are cells, its paragraphs end in line breaks."""
    return f"""{s.head(title="{site}: {title}")}<body bgcolor='#ffffff'><table width='960'><tr><td colspan='3'><b>{s.text("site")}</b> | {s.links("nav", "<a href='/{n}'>{text}</a> | ")}</td></tr>
<tr><td width='140' valign='top'>{s.links("most", "<a href='/{n}'><font size='1'>{text}</font></a><br><br>")}</td>
<td valign='top'><h1><font face='Georgia'>{s.title}</font></h1><i>{s.text("byline")}</i><br><time itemprop='datePublished' datetime='{s.day}'>{s.text("dated")}</time><br><br>
{s.body("{}<br><br>", heading="<b>{}</b><br><br>", standfirst="<b>{}</b><br><br>")}
<hr><b>{s.text("teaser_heading")}</b><br>{s.cards("<a href='/{n}'>{head}</a><br><font size='2'>{text}</font><br>")}</td>
<td width='160' valign='top'><b>{s.texts("poll")[1]}</b><form><input type='radio'>{s.texts("poll")[2]}</form><br>{s.text("ad")}</td></tr>
<tr><td colspan='3' align='center'><font size='1'>{s.text("legal")}</font></td></tr></table></body></html>"""


def release(s: Sheet) -> str:
    """A press release, whose end is of the same paragraphs as its text."""
    about, looking, contact = s.texts("about"), s.texts("looking"), s.texts("contact")
    return f"""{s.head(s.meta())}<body><div class='header'><ul class='navbar'>{s.links("nav")}</ul></div>
<div class='container'><div class='release'><h1>{s.title}</h1><div class='release-body'>
{s.body()}
<p><strong>{about[0]}</strong></p><p>{about[1]}</p>
<p><strong>{looking[0]}</strong></p><p>{looking[1]}</p>
<p><strong>{contact[0]}</strong><br>{contact[1]}<br>{contact[2]}</p></div></div>
<div class='more-releases'><h3>{s.text("related_heading")}</h3><ul>{s.links("related")}</ul></div></div>
<div class='footer'><p>{s.text("legal")}</p></div></body></html>"""


def live(s: Sheet) -> str:
    """Each paragraph is an entry with its hour, and other news runs beside it."""
    ticker = s.cards("<li><time>{head}</time> <a href='/{n}'>{text}</a></li>", "live")
    return f"""{s.head(s.data(**{"@type": "LiveBlogPosting"}))}<body><header><nav>{s.links("nav", "<a href='/{n}'>{text}</a>")}</nav></header>
<main class='live'><h1>{s.title}</h1><div class='live-meta'>{s.text("byline")}</div>
<div class='live-stream'>{s.body("<div class='live-entry'><time class='live-time'>09:30</time><div class='live-text'><p>{}</p></div></div>")}</div>
<section class='ticker'><h2>{s.text("teaser_heading")}</h2><ul>{ticker}</ul></section></main>
<section class='newsletter-signup'><h2>{s.texts("newsletter")[0]}</h2><p>{s.texts("newsletter")[1]}</p></section>
<footer>{s.text("legal")}</footer></body></html>"""


def phone(s: Sheet) -> str:
    """For telephones: sidebars, a bar for consent, a hint at an app."""
    app = f"<section class='app-promo'><p>{s.text('app')}</p></section>"
    return f"""{s.head(s.meta())}<body><amp-sidebar id='side' layout='nodisplay'><ul>{s.links("nav")}</ul></amp-sidebar>
<amp-consent><div id='consent-ui'>{s.text("cookie")} <button>OK</button></div></amp-consent>
<section class='amp-article'><h1>{s.title}</h1><p class='amp-by'>{s.text("byline")}</p><amp-img src='a.jpg' alt='{s.text("caption")}'></amp-img><p class='amp-credit'>{s.text("credit")}</p>
{s.body(inside={3: app})}</section>
<section class='amp-related'><h2>{s.text("related_heading")}</h2>{s.links("related", "<a class='amp-card' href='/{n}'><span>{text}</span></a>")}</section>
<section class='amp-social'>{s.links("share", "<a href='/{n}'>{text}</a>")}</section></body></html>"""


def walled(s: Sheet) -> str:
    """A note about subscriptions behind the text, and an overlay over all of it."""
    return f"""{s.head(s.data(isAccessibleForFree=False))}<body><div class='cookie-banner' role='dialog' aria-label='cookies'><p>{s.text("cookie")}</p><button>OK</button></div>
<div class='site-header'><nav>{s.links("nav", "<a href='/{n}'>{text}</a>")}</nav></div>
<div class='article-page'><article class='article'><h1>{s.title}</h1><div class='meta'>{s.text("dated")}</div><div class='article-content'>{s.body()}</div>
<div class='paywall'><h2>{s.text("paywall")}</h2><a href='/abo'>OK</a></div><div class='author-box'><p>{s.text("bio")}</p></div></article>
<div class='most-read'><h2>{s.text("most_heading")}</h2><ol>{s.links("most")}</ol></div></div>
<div class='site-footer'><p>{s.text("legal")}</p><p>{s.links("feet", "<a href='/{n}'>{text}</a> ")}</p></div></body></html>"""


def portal(s: Sheet) -> str:
    """A portal with boxes of links in the text, tags and a form for opinions."""
    box = f"<ul class='list-news-inline'>{s.links('inline')}</ul>"
    picture = f"<table class='picture'><tr><td class='pic'><img src='b.jpg'></td></tr><tr><td class='pic_desc'>{s.text('credit')}</td></tr></table>"
    return f"""{s.head(s.meta())}<body><div class='header-top'><div class='menu-nav'><ul>{s.links("nav")}</ul></div></div>
<div class='main-content'><div class='breadcrumbs'>{s.links("crumbs", "<a href='/{n}'>{text}</a> » ")}</div><div class='detail-left'>
<h1 class='title-detail'>{s.title}</h1><div class='date-time'>{s.text("dated")}</div>
<div class='detail-content'>{s.body("<p style='text-align: justify'>{}</p>", standfirst="<h2 class='sapo'>{}</h2>", inside={2: box, 4: picture})}<p style='text-align:right'><strong>{s.text("byline")}</strong></p></div>
<div class='box-tags'><span>{s.text("tags_heading")}:</span>{s.links("tags", "<a href='/{n}'>{text}</a>")}</div>
<div class='box-comment'><h3>{s.text("comments_heading")}</h3>{s.cards("<div class='cm'><b>{head}</b><p>{text}</p></div>", "comments")}</div>
<div class='box-related'><h3>{s.text("related_heading")}</h3><ul>{s.links("related")}</ul></div></div>
<div class='detail-right'><div class='box-most'><h3>{s.text("most_heading")}</h3><ul>{s.links("most")}</ul></div></div></div>
<div class='footer-bottom'>{s.text("legal")}</div></body></html>"""


def marked(s: Sheet) -> str:
    """Its text is marked as such, with advertising and a figure in between."""
    ad = f"<div class='ad-slot'><p>{s.text('ad')}</p></div>"
    figure = f"<figure><img src='c.jpg'><figcaption>{s.text('caption')}</figcaption></figure>"
    return f"""{s.head()}<body itemscope itemtype='https://schema.org/NewsArticle'><div><a href='/'>{s.text("site")}</a>{s.links("nav", "<a href='/{n}'>{text}</a>")}</div>
<h1 itemprop='headline'>{s.title}</h1><span itemprop='author'>{s.text("byline")}</span><meta itemprop='datePublished' content='{s.day}'>
<div itemprop='articleBody'>{s.body(inside={1: figure, 3: ad})}</div>
<div class='note'><em>{s.text("note")}</em></div>
<ul class='share'>{s.links("share")}</ul><h2>{s.text("teaser_heading")}</h2>{s.cards("<div><a href='/{n}'>{head}</a><div>{text}</div></div>")}
<div><small>{s.text("legal")}</small></div></body></html>"""


def bare(s: Sheet) -> str:
    """No container at all: paragraphs stand in the body of the page, and so does the rest."""
    return f"""{s.head(s.meta())}<body><p>{s.links("nav", "<a href='/{n}'>{text}</a> | ")}</p><h1>{s.title}</h1>
<p><i>{s.text("byline")}</i></p>{s.body()}
<h3>{s.text("related_heading")}</h3><ul>{s.links("related")}</ul>
<h3>{s.text("comments_heading")}</h3>{s.cards("<p><b>{head}</b></p><p>{text}</p>", "comments")}
<hr><p><small>{s.text("legal")}</small></p></body></html>"""


def quoting(s: Sheet) -> str:
    """A sentence of the text once more in large letters, and a box with facts about the author."""
    quote = f"<aside class='pullquote'><blockquote>{s.said(1)}</blockquote></aside>"
    return f"""{s.head(s.data())}<body><header id='hd'>{s.text("site")}<nav>{s.links("nav", "<a href='/{n}'>{text}</a>")}</nav></header>
<div id='main'><section class='story-wrap'><h1>{s.title}</h1><p class='author'>{s.text("byline")} — {s.text("dated")}</p>
{s.body(inside={3: quote})}<div class='bio'><img src='p.jpg' alt=''><p>{s.text("bio")}</p></div></section>
<section class='recirc'><h2>{s.text("teaser_heading")}</h2><div class='grid'>{s.cards("<article><h3><a href='/{n}'>{head}</a></h3><p>{text}</p></article>")}</div></section></div>
<footer id='ft'><p>{s.text("legal")}</p></footer></body></html>"""


def sections(s: Sheet) -> str:
    """Sections within the article, with other articles as cards behind them in the same one."""
    return f"""{s.head(s.meta(), s.data())}<body><div role='banner'>{s.links("nav", "<a href='/{n}'>{text}</a>")}</div>
<div role='main'><article><section class='article__head'><h1>{s.title}</h1><ul class='article__share'>{s.links("share")}</ul></section>
<section class='article__section'>{s.body(heading="</section><section class='article__section'><h2>{}</h2>")}</section>
<section class='article__next'><h2>{s.text("teaser_heading")}</h2>{s.cards("<article class='card'><a href='/{n}'><h3>{head}</h3><p>{text}</p></a></article>")}</section></article>
<div role='complementary'><h2>{s.text("most_heading")}</h2><ol>{s.links("most")}</ol></div></div>
<div role='contentinfo'>{s.text("legal")}</div></body></html>"""


def scripted(s: Sheet) -> str:
    """An application: much of its page is hidden, for later or for machines."""
    hidden = s.put("Kestrel Lines will pay 900 million euros for the harbour of Merrowick.")
    return f"""{s.head(s.data(articleBody=hidden), "<style>.sr-only{position:absolute;left:-9999px}</style>")}<body><a class='sr-only' href='#main'>{s.put("Skip straight to the main content")}</a>
<noscript><p>{s.put("Please switch on scripts to see all of this site.")}</p></noscript>
<div id='app'><nav aria-hidden='true'>{s.links("nav", "<a href='/{n}'>{text}</a>")}</nav><div data-view='story'><div><h1>{s.title}</h1></div><div data-slot='text'>{s.body(inside={2: f"<span style='display:none'>{hidden}</span>"})}</div></div>
<template><article><p>{hidden}</p></article></template><dialog><p>{s.text("paywall")}</p></dialog>
<div data-slot='modal' hidden><p>{s.text("cookie")}</p></div><div data-slot='push' aria-hidden='true'>{s.text("app")}</div>
<div data-view='list'><h2>{s.text("related_heading")}</h2>{s.links("related", "<div><a href='/{n}'>{text}</a></div>")}</div></div>
<!-- {hidden} --><footer>{s.text("legal")}</footer></body></html>"""


LAYOUTS = (
    *(semantic, blog, deep, hashed, tables, release, live, phone, walled, portal),
    *(marked, bare, quoting, sections, scripted),
)
