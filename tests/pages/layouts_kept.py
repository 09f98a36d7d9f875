"""Fifteen layouts that were kept back while the rules were made."""

from __future__ import annotations

from tests.pages.sheet import Sheet


def roles(s: Sheet) -> str:
    """Roles in place of tags, and a rail of articles with their summaries."""
    rail = s.cards("<article><a href='/{n}'><strong>{head}</strong></a><p>{text}</p></article>")
    return f"""{s.head(s.meta(), title="{title} - {site}")}<body><div role='navigation'>{s.links("nav", "<a href='/{n}'>{text}</a>")}</div>
<main><h1>{s.title}</h1><div class='info'><span>{s.text("byline")}</span><span>{s.text("dated")}</span></div>
<div class='prose'>{s.body()}</div><div role='complementary'><h2>{s.text("teaser_heading")}</h2>{rail}</div></main>
<div role='contentinfo'><p>{s.text("legal")}</p>{s.links("feet", "<a href='/{n}'>{text}</a>")}</div></body></html>"""


def blocks(s: Sheet) -> str:
    """Names in blocks and elements, with a promotion in the text and the author below it."""
    promo = f"<div class='c-promo c-promo--inline'><span class='c-promo__label'>{s.text('inline_heading')}</span>{s.links('inline', '<a class=c-promo__link href=/{n}>{text}</a>')}</div>"
    return f"""{s.head(s.data())}<body><div class='c-header'><div class='c-header__nav'>{s.links("nav", "<a class='c-header__item' href='/{n}'>{text}</a>")}</div></div>
<div class='l-page'><div class='c-post'><div class='c-post__header'><div class='c-post__label'>{s.text("kicker")}</div><h1 class='c-post__title'>{s.title}</h1><div class='c-post__meta'>{s.text("byline")} · {s.text("dated")}</div></div>
<div class='c-post__content'>{s.body(standfirst="<div class='c-post__lead'>{}</div>", inside={3: promo})}</div>
<div class='c-author'><div class='c-author__text'>{s.text("bio")}</div></div>
<div class='c-list c-list--trending'><div class='c-list__title'>{s.text("most_heading")}</div>{s.links("most", "<div class='c-list__item'><a href='/{n}'>{text}</a></div>")}</div></div></div>
<div class='c-footer'><div class='c-footer__legal'>{s.text("legal")}</div></div></body></html>"""


def utilities(s: Sheet) -> str:
    """Names that tell of looks only, with cards and a form between and behind the text."""
    form = f"<div class='my-8 p-6 rounded bg-gray-50'><div class='text-xl font-bold'>{s.texts('newsletter')[0]}</div><div class='mt-2'>{s.texts('newsletter')[1]}</div><form class='flex mt-4'><input class='w-full' type='email'><button>{s.texts('newsletter')[2]}</button></form></div>"
    cards = s.cards(
        "<div class='flex flex-col'><a class='block' href='/{n}'><img src='x.jpg'><div class='mt-2 font-bold'>{head}</div></a><div class='text-sm'>{text}</div></div>"
    )
    return f"""{s.head(s.meta())}<body class='antialiased'><div class='flex justify-between p-4'>{s.links("nav", "<a class='px-2' href='/{n}'>{text}</a>")}</div>
<div class='max-w-2xl mx-auto'><div class='mt-6'><h1 class='text-4xl'>{s.title}</h1><div class='text-sm mt-2'>{s.text("byline")}</div></div>
<div class='mt-6 text-lg leading-7'>{s.body("<p class='mb-4'>{}</p>", standfirst="<p class='font-bold mb-4'>{}</p>", inside={2: form})}</div>
<div class='mt-12'><div class='text-2xl'>{s.text("teaser_heading")}</div><div class='grid grid-cols-3 gap-4'>{cards}</div></div></div>
<div class='bg-black text-white p-8'>{s.text("legal")}</div></body></html>"""


def fonts(s: Sheet) -> str:
    """An old site again: tables in tables, the links below the text in its own cell."""
    return f"""{s.head()}<body><center><table border='0'><tr><td class='menu'>{s.links("nav", "<a href='/{n}'>{text}</a><br>")}</td>
<td><table><tr><td class='kopf'><font color='#990000'>{s.text("kicker")}</font></td></tr><tr><td><h1>{s.title}</h1><p><font size='-1'>{s.text("byline")}</font></p>
{s.body("<p align='justify'>{}</p>")}<p>{s.links("related", "&raquo; <a href='/{n}'>{text}</a><br>")}</p></td></tr></table></td>
<td class='rechts'><b>{s.text("most_heading")}</b><br>{s.links("most", "<a href='/{n}'>{text}</a><br>")}<p>{s.text("ad")}</p></td></tr></table>
<font size='1'>{s.text("legal")}</font></center></body></html>"""


def wire(s: Sheet) -> str:
    """A service for announcements: the sender and his cautions have headings of their own."""
    about, looking, contact = s.texts("about"), s.texts("looking"), s.texts("contact")
    return f"""{s.head(s.meta())}<body><div class='bar'>{s.links("nav", "<a href='/{n}'>{text}</a>")}</div><section class='wire-release container'>
<h1>{s.title}</h1><div class='wire-source'>{s.text("dated")}</div><div class='wire-text'>{s.body()}
<h3>{about[0]}</h3><p>{about[1]}</p><h3>{looking[0]}</h3><p>{looking[1]}</p><h3>{contact[0]}</h3><p>{contact[1]}</p><p>{contact[2]}</p></div></section>
<section class='wire-list'><h2>{s.text("related_heading")}</h2><ul>{s.links("related")}</ul></section>
<div class='bar'>{s.text("legal")}</div></body></html>"""


def capitals(s: Sheet) -> str:
    """Paragraphs that are divs, one beginning with a large letter, and a poll in between."""
    poll = s.texts("poll")
    box = f"<div class='poll'><div class='poll-q'>{poll[0]}</div><div>{poll[1]}</div><label><input type='radio'>{poll[2]}</label><label><input type='radio'>{poll[3]}</label><div>{poll[4]}</div></div>"
    return f"""{s.head(s.data())}<body><div class='masthead'>{s.text("site")}</div><div class='sections'>{s.links("nav", "<span><a href='/{n}'>{text}</a></span>")}</div>
<div class='reading'><h1>{s.title}</h1><div class='reading-sub'>{s.text("byline")}</div><div class='reading-text'>{s.body("<div class='paragraph'>{}</div>", standfirst="<div class='intro'>{}</div>", inside={3: box})}</div>
<div class='reading-tags'>{s.text("tags_heading")} {s.links("tags", "<a href='/{n}'>{text}</a>")}</div></div>
<div class='discussion'><div class='discussion-head'>{s.text("comments_heading")}</div>{s.cards("<div class='reply'><div class='who'>{head}</div><div class='what'>{text}</div></div>", "comments")}</div>
<div class='imprint'>{s.text("legal")}</div></body></html>"""


def minutes(s: Sheet) -> str:
    """The text as items of a list, each with its minute, before the latest from elsewhere."""
    latest = s.cards("<li><b>{head}</b> <a href='/{n}'>{text}</a></li>", "live")
    return f"""{s.head(s.meta())}<body><nav>{s.links("nav", "<a href='/{n}'>{text}</a>")}</nav><div class='blogwrap'><h1>{s.title}</h1>
<ol class='updates'>{s.body("<li><span class='min'>08:1{}</span></li>".replace("08:1{}", "08:12").replace("</li>", "<p>{}</p></li>"), items="<li><ul>{}</ul></li>", table="<li><table>{}</table></li>", heading="<li><h2>{}</h2></li>", standfirst="<li><p>{}</p></li>")}</ol></div>
<div class='latest'><h2>{s.text("teaser_heading")}</h2><ul>{latest}</ul></div>
<div class='letter'><h3>{s.texts("newsletter")[0]}</h3><p>{s.texts("newsletter")[1]}</p><form><input type='email'></form></div><footer>{s.text("legal")}</footer></body></html>"""


def components(s: Sheet) -> str:
    """Every paragraph a component, and so is all else between them."""
    links = f"<div data-component='links-block'><div><h2>{s.text('inline_heading')}</h2><ul>{s.links('inline')}</ul></div></div>"
    image = f"<div data-component='image-block'><figure><img src='d.jpg'><figcaption>{s.text('caption')} {s.text('credit')}</figcaption></figure></div>"
    block = "<div data-component='text-block'><div class='e1'><p class='e2'>{}</p></div></div>"
    return f"""{s.head(s.data(author={"@type": "Person", "name": "A. B."}))}<body><div data-component='nav'>{s.links("nav", "<a href='/{n}'>{text}</a>")}</div>
<main id='main-content'><article><div data-component='headline-block'><h1>{s.title}</h1></div><div data-component='byline-block'><div>{s.text("byline")}</div><div>{s.text("dated")}</div></div>
{s.body(block, standfirst=block, items="<div data-component='text-block'><div class='e1'><ul>{}</ul></div></div>", table="<div data-component='table-block'><table><tbody>{}</tbody></table></div>", inside={1: image, 4: links})}
<div data-component='tags-block'><h2>{s.text("tags_heading")}</h2><ul>{s.links("tags")}</ul></div></article>
<div data-component='promo-group'><h2>{s.text("teaser_heading")}</h2>{s.cards("<div data-component='promo'><h3><a href='/{n}'>{head}</a></h3><p>{text}</p></div>")}</div></main>
<footer>{s.text("legal")}</footer></body></html>"""


def busy(s: Sheet) -> str:
    """Advertising, an app and a wall between the paragraphs."""
    ad = f"<div class='sponsored-slot'><div>{s.text('ad')}</div></div>"
    app = f"<div class='install-banner'><p>{s.text('app')}</p><a href='/app'>OK</a></div>"
    return f"""{s.head(s.meta())}<body><div id='gdpr-layer' class='consent-layer'><p>{s.text("cookie")}</p><button>OK</button></div><header>{s.links("nav", "<a href='/{n}'>{text}</a>")}</header>
<div class='page'><section><section><h1>{s.title}</h1></section><section class='text-section'>{s.body(inside={1: ad, 3: app})}</section>
<section class='membership-gate'><p>{s.text("paywall")}</p><button>OK</button></section></section>
<section class='talk'><h2>{s.text("comments_heading")}</h2>{s.cards("<div class='post'><h5>{head}</h5><p>{text}</p></div>", "comments")}</section></div>
<footer><p>{s.text("legal")}</p></footer></body></html>"""


def endless(s: Sheet) -> str:
    """The side stands before the text, and a whole next article behind it."""
    nexts = s.pairs("teasers")
    following = "".join(f"<p>{text}</p>" for _, text in nexts)
    return f"""{s.head(s.data())}<body><div class='columns'><div class='column-side'><h2>{s.text("most_heading")}</h2><ul>{s.links("most")}</ul><p>{s.text("note")}</p></div>
<div class='column-main'><div class='piece' data-url='/{s.story.name}'><h1>{s.title}</h1><p class='piece-by'>{s.text("byline")}</p>{s.body()}</div>
<div class='piece' data-url='/next'><h1>{nexts[0][0]}</h1>{following}</div></div></div>
<div class='end'>{s.text("legal")}</div></body></html>"""


def office(s: Sheet) -> str:
    """An authority's site: fields with names, documents to fetch, whom to ask."""
    contact = s.texts("contact")
    return f"""{s.head(s.meta())}<body><ol class='breadcrumb'>{s.links("crumbs")}</ol><div class='region-nav'><ul>{s.links("nav")}</ul></div>
<div class='node node--type-news'><h1 class='page-title'>{s.title}</h1><div class='field field--name-date'>{s.text("dated")}</div>
<div class='field field--name-body'>{s.body()}</div>
<div class='field field--name-contact'><div class='field__label'>{contact[0]}</div><div>{contact[1]}</div><div>{contact[2]}</div></div>
<div class='field field--name-related'><div class='field__label'>{s.text("related_heading")}</div>{s.links("related", "<div class='field__item'><a href='/{n}'>{text}</a></div>")}</div></div>
<div class='region-footer'>{s.text("legal")} {s.links("feet", "<a href='/{n}'>{text}</a>")}</div></body></html>"""


def broken(s: Sheet) -> str:
    """Text between line breaks, straight in the page, closed by a list of links."""
    return f"""{s.head()}<body>{s.links("nav", "<a href='/{n}'>{text}</a> - ")}<hr><h1>{s.title}</h1>
{s.body("{}<br /><br />", heading="<h3>{}</h3>", standfirst="<b>{}</b><br /><br />")}<hr>
{s.text("related_heading")}<br />{s.links("related", "- <a href='/{n}'>{text}</a><br />")}<hr><small>{s.text("legal")}</small></body></html>"""


def figures(s: Sheet) -> str:
    """A figure with a long text below it, notes, and a quotation shown twice."""
    quote = f"<blockquote class='big-quote'><p>{s.said(2)}</p></blockquote>"
    figure = f"<figure class='wide'><img src='e.jpg'><figcaption>{s.text('caption')}<br><small>{s.text('credit')}</small></figcaption></figure>"
    return f"""{s.head(s.data())}<body><header><div>{s.text("site")}</div><nav>{s.links("nav", "<a href='/{n}'>{text}</a>")}</nav></header>
<main><div class='lede'><h1>{s.title}</h1><address>{s.text("byline")}</address></div>{figure}
<div class='columns-text'>{s.body(inside={2: quote}, cell="<td><span>{}</span></td>")}</div>
<div class='endnote'><em>{s.text("note")}</em></div><ul class='toolbar'>{s.links("share")}</ul></main>
<aside><h2>{s.text("teaser_heading")}</h2>{s.cards("<div><h3>{head}</h3><p>{text}</p></div>")}</aside><footer>{s.text("legal")}</footer></body></html>"""


def letter(s: Sheet) -> str:
    """A letter to readers kept as a page: tables, styles, a first line for mailboxes only."""
    hidden = s.put("Open this letter to see what the regional fund will pay this year.")
    cell = "<tr><td style='padding:0 24px 12px;font-family:Georgia'>{}</td></tr>"
    return f"""{s.head(s.meta())}<body style='background:#eeeeee'><div style='display:none;max-height:0'>{hidden}</div><table width='100%' role='presentation'><tr><td align='center'><table width='600' role='presentation' style='background:#ffffff'>
<tr><td style='padding:24px'>{s.text("site")}</td></tr><tr><td style='padding:24px'><h1 style='font-size:28px'>{s.title}</h1></td></tr>
{s.body(cell, standfirst=cell, heading=cell.replace("{}", "<h2>{}</h2>"), items="<tr><td><ul>{}</ul></td></tr>", table="<tr><td><table border='1'>{}</table></td></tr>")}
<tr><td style='padding:24px;background:#f4f4f4'>{s.text("app")}</td></tr><tr><td style='font-size:11px;padding:24px'>{s.text("legal")}<br>{s.links("feet", "<a href='/{n}'>{text}</a> ")}</td></tr></table></td></tr></table></body></html>"""


def builder(s: Sheet) -> str:
    """Made with a builder of pages: widgets in columns in rows."""
    return f"""{s.head(s.meta(), s.data())}<body><div class='pb-section'><div class='pb-col'><div class='pb-widget pb-widget-nav-menu'><ul>{s.links("nav")}</ul></div></div></div>
<div class='pb-section'><div class='pb-col pb-col-66'><div class='pb-widget pb-widget-heading'><h1>{s.title}</h1></div><div class='pb-widget pb-widget-post-info'><ul><li>{s.text("byline")}</li><li>{s.text("dated")}</li></ul></div>
<div class='pb-widget pb-widget-text-editor'>{s.body()}</div><div class='pb-widget pb-widget-share-buttons'>{s.links("share", "<div><a href='/{n}'>{text}</a></div>")}</div>
<div class='pb-widget pb-widget-form'><h3>{s.texts("newsletter")[0]}</h3><p>{s.texts("newsletter")[1]}</p><form><input></form></div></div>
<div class='pb-col pb-col-33'><div class='pb-widget pb-widget-posts'>{s.cards("<div class='pb-post'><h3><a href='/{n}'>{head}</a></h3><p>{text}</p></div>")}</div></div></div>
<div class='pb-section'><p>{s.text("legal")}</p></div></body></html>"""


LAYOUTS = (
    *(roles, blocks, utilities, fonts, wire, capitals, minutes, components, busy, endless),
    *(office, broken, figures, letter, builder),
)
