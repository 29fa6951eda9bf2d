"""Error pages are known by the few words of which they make their sentences; titles about something are left alone (verdicts.md, 6.3)."""

import pytest

from audit import apologies, soft404

SAID = {
    "en": """
404 Not Found
404 - File or directory not found.
Error 404 (Not Found)!!1
HTTP Error 404.0 - Not Found
HTTP Status 404 – Not Found
HTTP Status 404 - /foo/bar.jsp
The resource cannot be found.
Page Not Found (404)
(404) Page Not Found
🙈 404 🙈
★ Page Not Found ★
404 :(
4 0 4
Oops!! 404
Whoops, that page is gone.
Object not found!
Page not found at /articles/12/
The page you were looking for doesn't exist (404)
Sorry, the page you were looking for in this blog does not exist.
Sorry, this page isn't available.
Sorry, that page doesn’t exist!
Hmm...this page doesn’t exist. Try searching for something else.
This account doesn’t exist
This video isn't available anymore
Video unavailable
This video has been removed by the uploader
This account has been terminated
This content isn't available right now
The requested topic does not exist.
The requested thread could not be found.
The requested user could not be found.
Article Not Found
Category not found
This posting has been deleted by its author.
This posting has expired.
This listing has ended
This listing was ended by the seller
This job has expired
This job is no longer available
The job you are looking for is no longer available
This photo is no longer available
This product is no longer available
Sorry, we couldn’t find that page
We can't find that page
We couldn't find the page you were looking for.
Uh oh. That page doesn't exist.
Sorry, we can't find that!
The page you are trying to access does not exist
The page you requested has been removed
The page you have requested has been moved or deleted
The article you requested has been archived
This story has been removed
This article has been removed
This page has expired
The document you requested is no longer available on this server
File not found
The file you requested was not found
No such file or directory
Invalid thread specified
Page Error 404
Error: Page not found
Error 404: Page Not Found
404. Page not found
404 error - page not found
404 - Article not found
404 Error File Not Found
That page can’t be found
Nothing found
Nothing here
Page does not exist
Profile not found
User not found
Channel not found
This channel does not exist
This tweet is unavailable
This Tweet has been deleted
Tweet unavailable
This repository has been removed
We're sorry, but the page you requested cannot be found
Unfortunately the page you were looking for could not be found
The page cannot be found
The page cannot be displayed
The Web page you have requested is not available
The link you followed may be broken, or the page may have been removed.
Requested page not found
Document not found
Dead link
Product not found
Recipe not found
Event not found
This event has ended
Page Missing
Content not available
Content Not Found
The specified key does not exist.
You seem to be lost
Page Unavailable
The page is gone
Looks like this page doesn't exist
It looks like nothing was found at this location.
This page no longer exists
We're sorry, this article is no longer available.
The page you’re looking for can’t be found.
""",
    "de": """
Seite nicht gefunden
404 – Seite nicht gefunden
Fehler 404 – Seite nicht gefunden
Die Seite wurde leider nicht gefunden
Die von Ihnen aufgerufene Seite wurde nicht gefunden.
Die gewünschte Seite konnte nicht gefunden werden
Leider existiert die gesuchte Seite nicht (mehr)
Diese Seite gibt es nicht
Diese Seite gibt es leider nicht mehr.
Der Artikel ist nicht mehr verfügbar
Dieser Artikel wurde gelöscht
Diese Anzeige ist nicht mehr verfügbar
Dieses Video ist nicht verfügbar
Die angeforderte Ressource wurde nicht gefunden
Hoppla! Seite nicht gefunden
Ups, diese Seite existiert nicht
Das Dokument wurde nicht gefunden
Datei nicht gefunden
Objekt nicht gefunden!
Inhalt nicht gefunden
Benutzer nicht gefunden
Tut uns leid, die Seite konnten wir nicht finden
Beitrag nicht gefunden
""",
    "fr": """
Page non trouvée
Page introuvable
Erreur 404 - Page non trouvée
Cette page n'existe pas ou plus
La page que vous recherchez n'existe plus
Désolé, cette page n'existe pas
Oups ! Page introuvable
La page demandée est introuvable
Cet article n'est plus disponible
Cette annonce n'est plus disponible
Cette vidéo n'est plus disponible
Le contenu demandé n'existe pas
La page que vous cherchez est introuvable
Cette page a été supprimée
Fichier introuvable
Nous n'avons pas trouvé la page que vous cherchez
Document non trouvé
Page inexistante
Erreur 404
""",
    "es": """
Página no encontrada
Error 404 - Página no encontrada
404: Página no encontrada
La página que buscas no existe
Lo sentimos, la página que buscas no existe
La página solicitada no se encuentra disponible
No se ha encontrado la página
Esta página ya no existe
Este artículo ya no está disponible
El contenido no está disponible
Este anuncio ya no está disponible
Archivo no encontrado
¡Vaya! Página no encontrada
Noticia no encontrada
La página ha sido eliminada
Usuario no encontrado
Este video ya no está disponible
No encontrado
""",
    "pt": """
Página não encontrada
Erro 404 - Página não encontrada
Página não existe
A página que procura não existe
A página que você procura não foi encontrada
Ops! Página não encontrada
Esta página já não existe
Conteúdo não disponível
Este anúncio não está mais disponível
Arquivo não encontrado
Não encontramos a página que você está procurando
Notícia não encontrada
Vídeo indisponível
""",
    "it": """
Pagina non trovata
Errore 404 - Pagina non trovata
La pagina che stai cercando non esiste
Spiacenti, la pagina richiesta non è disponibile
Oops! Pagina non trovata
Questo articolo non è più disponibile
L'annuncio non è più disponibile
La pagina richiesta non è stata trovata
Pagina inesistente
Contenuto non trovato
Il file richiesto non esiste
Questo video non è più disponibile
Impossibile trovare la pagina
""",
    "nl": """
Pagina niet gevonden
404 - Pagina niet gevonden
De pagina die u zoekt bestaat niet
Deze pagina bestaat niet (meer)
Helaas, deze pagina bestaat niet meer
Oeps! Deze pagina kan niet gevonden worden
Dit artikel is niet meer beschikbaar
Deze advertentie is verwijderd
De opgevraagde pagina kon niet worden gevonden
Sorry, we kunnen deze pagina niet vinden
Bestand niet gevonden
Deze vacature is verlopen
""",
    "sv": """
Sidan kunde inte hittas
404 - Sidan hittades inte
Sidan finns inte
Sidan du söker finns inte
Sidan finns inte längre
Tyvärr hittar vi inte sidan
Oj! Sidan kan inte hittas
Artikeln finns inte längre
Annonsen är borttagen
Dokumentet hittades inte
Sidan du letar efter finns inte
""",
    "da": """
Siden blev ikke fundet
Siden kunne ikke findes
Siden findes ikke
Siden findes ikke længere
Ups! Siden blev ikke fundet
Den side du leder efter findes ikke
Artiklen findes ikke længere
Beklager, siden kunne ikke findes
Annoncen er slettet
404 - siden findes ikke
""",
    "nb": """
Siden ble ikke funnet
Fant ikke siden
Siden finnes ikke
Siden finnes ikke lenger
Beklager, vi finner ikke siden du leter etter
Oi! Siden finnes ikke
404 - Siden ble ikke funnet
Artikkelen finnes ikke lenger
Annonsen er slettet
Vi fant ikke siden du lette etter
""",
    "fi": """
Sivua ei löydy
Sivua ei löytynyt
404 - Sivua ei löytynyt
Hakemaasi sivua ei löytynyt
Valitettavasti etsimääsi sivua ei löydy
Sivua ei ole olemassa
Hups! Sivua ei löydy
Artikkelia ei löydy
Ilmoitus on poistettu
Sivu on poistettu
""",
    "pl": """
Strona nie istnieje
Nie znaleziono strony
404 - Nie znaleziono strony
Strona nie została znaleziona
Szukana strona nie istnieje
Podana strona nie istnieje lub została usunięta
Ups! Nie znaleziono strony
Przepraszamy, strona nie istnieje
Błąd 404 - strona nie istnieje
Ogłoszenie nie jest już dostępne
Artykuł został usunięty
Nie ma takiej strony
Strona, której szukasz, nie istnieje
""",
    "cs": """
Stránka nenalezena
Stránka nebyla nalezena
404 – Stránka nenalezena
Požadovaná stránka nebyla nalezena
Omlouváme se, stránka neexistuje
Stránka, kterou hledáte, neexistuje
Chyba 404 - stránka nenalezena
Článek nebyl nalezen
Inzerát již neexistuje
Soubor nenalezen
Tato stránka již neexistuje
""",
    "sk": """
Stránka nenájdená
Stránka sa nenašla
404 - Stránka nebola nájdená
Požadovaná stránka neexistuje
Stránka, ktorú hľadáte, neexistuje
Ospravedlňujeme sa, stránka nebola nájdená
Článok už nie je dostupný
""",
    "hu": """
Az oldal nem található
404 - Az oldal nem található
A keresett oldal nem található
Sajnos a keresett oldal nem létezik
Hoppá! Az oldal nem található
A cikk nem található
A hirdetés már nem elérhető
404-es hiba
""",
    "ro": """
Pagina nu a fost găsită
404 - Pagina nu a fost găsită
Pagina nu există
Pagina căutată nu există
Ne pare rău, pagina nu a fost găsită
Ups! Pagina nu a fost găsită
Pagina pe care o cauți nu există
Articolul nu mai este disponibil
Anunțul a fost șters
Eroare 404
""",
    "bg": """
Страницата не е намерена
404 - Страницата не е намерена
Страницата, която търсите, не съществува
Съжаляваме, страницата не беше намерена
Грешка 404
Статията не е намерена
Обявата вече не е активна
""",
    "ru": """
Страница не найдена
404 — Страница не найдена
Ошибка 404. Страница не найдена
Страница не существует
Запрашиваемая страница не найдена
К сожалению, запрашиваемая вами страница не найдена
Извините, страница не найдена
Страница удалена
Материал удалён
Такой страницы нет
Нет такой страницы
Упс! Страница не найдена
Объявление снято с публикации
Документ не найден
Файл не найден
Статья не найдена
Страница, которую вы ищете, не существует
Пользователь не найден
Новость не найдена
Видео недоступно
Страница была удалена или перемещена
""",
    "uk": """
Сторінку не знайдено
404 - Сторінку не знайдено
Помилка 404: сторінку не знайдено
Сторінка не існує
На жаль, сторінку не знайдено
Такої сторінки не існує
Сторінка, яку ви шукаєте, не існує
Статтю не знайдено
Оголошення неактивне
Матеріал видалено
""",
    "el": """
Η σελίδα δεν βρέθηκε
404 - Η σελίδα δεν βρέθηκε
Η σελίδα που ζητήσατε δεν υπάρχει
Η σελίδα που αναζητάτε δεν βρέθηκε
Συγγνώμη, η σελίδα δεν βρέθηκε
Το άρθρο δεν βρέθηκε
Σφάλμα 404
""",
    "tr": """
Sayfa bulunamadı
SAYFA BULUNAMADI
404 - Sayfa Bulunamadı
Aradığınız sayfa bulunamadı
Üzgünüz, aradığınız sayfa bulunamadı
Böyle bir sayfa yok
Hata 404
İçerik bulunamadı
Bu sayfa artık mevcut değil
Haber bulunamadı
İlan yayından kaldırıldı
""",
    "ar": """
الصفحة غير موجودة
404 - الصفحة غير موجودة
عذراً، الصفحة غير موجودة
لم يتم العثور على الصفحة
الصفحة المطلوبة غير موجودة
الصفحة التي تبحث عنها غير موجودة
هذه الصفحة لم تعد موجودة
خطأ 404
هذا المحتوى غير متوفر
""",
    "fa": """
صفحه مورد نظر یافت نشد
صفحه یافت نشد
۴۰۴ - صفحه یافت نشد
متاسفانه صفحه مورد نظر پیدا نشد
صفحه ای که به دنبال آن هستید وجود ندارد
خطای 404
مطلب مورد نظر حذف شده است
""",
    "he": """
הדף לא נמצא
העמוד לא נמצא
404 - הדף לא נמצא
הדף המבוקש לא נמצא
אופס! העמוד לא נמצא
מצטערים, הדף שחיפשת לא נמצא
הדף אינו קיים
שגיאה 404
""",
    "hi": """
पृष्ठ नहीं मिला
पेज नहीं मिला
404 - पेज नहीं मिला
क्षमा करें, आप जिस पेज को खोज रहे हैं वह नहीं मिला
यह पेज उपलब्ध नहीं है
पृष्ठ मौजूद नहीं है
""",
    "th": """
ไม่พบหน้าที่คุณต้องการ
ไม่พบหน้านี้
404 ไม่พบหน้าเว็บ
ขออภัย ไม่พบหน้าที่คุณต้องการ
ไม่พบข้อมูล
หน้าที่คุณค้นหาไม่พบ
""",
    "vi": """
Không tìm thấy trang
Trang không tồn tại
404 - Không tìm thấy trang
Trang bạn yêu cầu không tồn tại
Xin lỗi, trang bạn tìm kiếm không tồn tại
Rất tiếc, không tìm thấy trang
Bài viết không tồn tại
Lỗi 404
""",
    "id": """
Halaman tidak ditemukan
404 - Halaman tidak ditemukan
Maaf, halaman yang Anda cari tidak ditemukan
Halaman yang Anda minta tidak tersedia
Ups! Halaman tidak ditemukan
Artikel tidak ditemukan
Halaman ini sudah tidak tersedia
Berita telah dihapus
""",
    "ja": """
ページが見つかりません
404 ページが見つかりません
お探しのページは見つかりませんでした
お探しのページは存在しません
申し訳ございません。お探しのページは見つかりませんでした
ご指定のページは存在しません
指定されたページは存在しないか、移動または削除されました
このページは存在しません
記事が見つかりません
この記事は掲載期間が終了しました
このページは削除されました
お探しのページは削除されたか、移動した可能性があります
404エラー
この動画は削除されました
""",
    "ko": """
페이지를 찾을 수 없습니다
404 - 페이지를 찾을 수 없습니다
요청하신 페이지를 찾을 수 없습니다
존재하지 않는 페이지입니다
죄송합니다. 요청하신 페이지를 찾을 수 없습니다
찾으시는 페이지가 존재하지 않습니다
삭제된 게시물입니다
기사를 찾을 수 없습니다
페이지가 없습니다
""",
    "zh": """
页面未找到
页面不存在
404 页面不存在
抱歉，您访问的页面不存在
您访问的页面找不到了
对不起，您要查看的页面不存在
很抱歉，您要访问的页面不存在
文章不存在
该内容已被删除
您访问的文章已被删除
此链接已失效
找不到網頁
頁面不存在
很抱歉，找不到您要的頁面
抱歉，您所瀏覽的頁面不存在
找不到頁面
該頁面已被移除
404錯誤
商品已下架
无法找到该页
""",
    "ca": """
Pàgina no trobada
Error 404 - Pàgina no trobada
No s'ha trobat la pàgina
La pàgina que cerqueu no existeix
""",
    "hr": """
Stranica nije pronađena
404 - Stranica nije pronađena
Tražena stranica ne postoji
Stranica koju tražite ne postoji
Žao nam je, stranica nije pronađena
Članak nije pronađen
Oglas više nije dostupan
""",
    "sr": """
Страница није пронађена
Тражена страница не постоји
Stranica nije pronađena
Strana nije pronađena
Tekst nije pronađen
404 - Страница није пронађена
""",
    "lt": """
Puslapis nerastas
404 - Puslapis nerastas
Atsiprašome, puslapis nerastas
Ieškomas puslapis neegzistuoja
Klaida 404
Straipsnis nerastas
""",
    "lv": """
Lapa nav atrasta
404 - lapa nav atrasta
Diemžēl meklētā lapa nav atrasta
Šāda lapa neeksistē
Kļūda 404
""",
    "et": """
Lehekülge ei leitud
Lehte ei leitud
404 - lehekülge ei leitud
Kahjuks otsitud lehte ei leitud
Viga 404
Seda lehte ei ole olemas
""",
    "sl": """
Stran ne obstaja
Stran ni najdena
404 - Strani ni mogoče najti
Iskana stran ne obstaja
Napaka 404
Žal iskane strani nismo našli
""",
    "many languages": """
Sorry, we could not find the page you requested
Page unavailable
404 error
This topic has been removed
The article could not be loaded
Thread not found
Error - page not found
Photo not found
We're sorry, that page doesn't exist
The link is broken
Diese Meldung existiert nicht mehr
Seite existiert nicht - Fehler 404
Die angeforderte Datei existiert nicht
Page supprimée
Cette page est introuvable
Ce contenu n'est plus accessible
El enlace está roto
La noticia que buscas no está disponible
Página removida
Esta matéria não está mais disponível
La notizia non è più disponibile
Contenuto rimosso
Het artikel bestaat niet
Pagina verwijderd
Sidan har flyttats eller tagits bort
Siden er flyttet eller slettet
Siden er fjernet
Sivu on siirretty
Ta strona została usunięta
Nie można znaleźć strony
Stránku nelze nalézt
Stránka je nedostupná
A tartalom nem elérhető
Articolul nu a fost găsit
Файл не существует
Материал не найден
Сторінка недоступна
Η διεύθυνση δεν υπάρχει
Böyle bir haber yok
الخبر غير موجود
محتوای مورد نظر یافت نشد
העמוד לא קיים
लेख नहीं मिला
ไม่มีหน้านี้
Nội dung không tồn tại
Konten tidak ditemukan
このページは現在ご利用いただけません
ファイルが見つかりません
페이지 없음
文件不存在
网页不存在
網頁已被移除
Sorry, the content you requested is unavailable
We looked everywhere but couldn't find this page
The news article you're trying to read has been withdrawn
Oh no! We can't seem to find the page you're looking for
Page you requested was not found on this website
This document has been deleted
404 - Lost in cyberspace
That profile doesn't exist
This photo has been removed by its owner
The event you are looking for has already ended
Story unavailable
Nothing was found at this address
Error: File Not Found
This ad has expired or been removed
Not Found (#404)
Requested content does not exist anymore
The page you want isn't here
404 - Diese Seite konnten wir leider nicht finden
Ihre angeforderte Seite ist nicht verfügbar
Das Inserat ist nicht mehr online
Die Meldung wurde entfernt
Oups, cette page a disparu
Le document recherché est introuvable
La page est introuvable ou n'existe plus
¡Ups! No encontramos la página que buscabas
El artículo solicitado no existe
La página a la que intentas acceder no existe
Desculpe, não conseguimos encontrar a página
A notícia que procura já não está disponível
Ops, la pagina che cerchi non c'è più
Siamo spiacenti: la pagina cercata non è stata trovata
De door u opgevraagde pagina bestaat niet
Sorry, deze pagina hebben we niet gevonden
Ojdå, sidan du letar efter kunde inte hittas
Artikeln är borttagen
Vi kunne desværre ikke finde den side, du leder efter
Siden du prøver å nå finnes ikke
Etsimääsi sivua ei valitettavasti löytynyt
Strona o podanym adresie nie istnieje
Artykuł nie został znaleziony
Je nám líto, ale požadovaná stránka nebyla nalezena
Hľadaná stránka neexistuje
A kért oldal nem található
Sajnáljuk, a cikket töröltük
Ne pare rău, dar pagina cerută nu există
Търсената от вас страница не съществува
Запрашиваемый документ не найден на сервере
Упс, такой страницы не существует
Объявление удалено или срок его действия истёк
Вибачте, сторінку, яку ви шукаєте, не знайдено
Λυπούμαστε, η σελίδα που ζητήσατε δεν βρέθηκε
Ulaşmak istediğiniz sayfa bulunamadı
Bu içerik kaldırılmış
عفواً، الصفحة التي طلبتها غير موجودة
متاسفانه صفحه درخواستی شما یافت نشد
מצטערים, העמוד שחיפשתם לא נמצא
माफ़ कीजिए, यह पेज नहीं मिला
ขออภัย ไม่พบหน้าที่ท่านค้นหา
Rất tiếc, trang bạn đang tìm không tồn tại
Mohon maaf, halaman yang Anda tuju tidak ditemukan
お探しの記事は見つかりませんでした
指定されたURLのページは存在しません
죄송합니다. 페이지를 찾을 수 없습니다.
삭제되었거나 존재하지 않는 게시글입니다
抱歉，您要找的页面不存在或已被删除
您請求的頁面不存在
您访问的页面出错了
Ho sentim, no hem trobat la pàgina
Žao nam je, tražena stranica nije pronađena
Тражена страница није пронађена
Strani, ki jo iščete, ni mogoče najti
Deja, ieškomas puslapis nerastas
Atvainojiet, lapa nav atrasta
Otsitud lehte ei leitud
The requested page doesn't exist
This page isn't here anymore
Ooops... we can't find the page you are looking for
Sorry! This article has expired
Page not found - error 404
We're sorry, this listing is no longer available
The requested URL /foo/bar was not found on this server.
Cannot find page
Topic not found
Game not found
The page has been moved or no longer exists
File does not exist
Post not found
Blog post not found
News item not found
The record you requested could not be found
404: Nothing here
It seems we can’t find what you’re looking for.
Unknown page
This site no longer exists
Seite wurde verschoben oder gelöscht
Die Seite, die Sie suchen, existiert nicht
Kein Artikel gefunden
404 – Nicht gefunden
Die Veranstaltung wurde nicht gefunden
Leider nicht mehr verfügbar: diese Seite
Erreur 404 : la page demandée n'existe pas
Article supprimé
Oups, page introuvable !
Annonce expirée
Page non trouvée (erreur 404)
La ressource demandée n'a pas été trouvée
No se encuentra la página
Página eliminada
Noticia no disponible
Lo sentimos, no se pudo encontrar la página
404 No encontrado
Error 404. La página no existe
Página não localizada
Oops! Essa página não pôde ser encontrada
Matéria não encontrada
Anúncio expirado
Erro 404: página inexistente
404: pagina non trovata
La pagina che hai richiesto non esiste
Annuncio scaduto
Notizia non trovata
Pagina rimossa
Helaas, de pagina is niet gevonden
404 Pagina bestaat niet
Dit bericht bestaat niet meer
Nieuwsbericht niet gevonden
404 – sidan finns inte
Hoppsan! Sidan hittades inte
Siden eksisterer ikke
Hov! Siden findes ikke
Denne siden finnes ikke
Beklager, siden ble ikke funnet
404 - sivua ei ole
Pyydettyä sivua ei löytynyt
Wybrana strona nie istnieje
Brak strony o podanym adresie
Ogłoszenie wygasło
Stránku se nepodařilo najít
Tento článek neexistuje
Stránka bola odstránená
Ezt az oldalt nem találjuk
Az oldal megszűnt
Pagina solicitată nu a fost găsită
Страницата не може да бъде намерена
Извините, такой страницы не существует
Страница по данному адресу не найдена
Ошибка 404 — страница не найдена
Новость удалена
Сторінка, яку ви запитували, не існує
Сторінку видалено
Η σελίδα δεν υπάρχει πλέον
Aradığınız haber bulunamadı
Sayfa mevcut değil
هذه الصفحة غير متاحة
المقال غير موجود
صفحه مورد نظر شما وجود ندارد
הכתבה לא נמצאה
पृष्ठ उपलब्ध नहीं है
ไม่พบบทความ
Trang này không tồn tại
Bài viết đã bị xóa
Halaman tidak tersedia
Laman tidak dijumpai
ページが存在しません
お探しのページが見つかりません
記事は削除されました
요청하신 글을 찾을 수 없습니다
접근하신 페이지가 존재하지 않습니다
您查找的页面不存在
页面丢失了
此页面不存在
该新闻已被删除
您要找的網頁不存在
Pàgina inexistent
Članak nije pronađen
Страница није доступна
Stran, ki jo iščete, ne obstaja
Puslapis, kurio ieškote, neegzistuoja
Meklētā lapa neeksistē
Lehte, mida otsid, ei leitud
""",
}


@pytest.mark.parametrize("language", SAID)
def test_what_an_error_page_says_is_known_in(language: str) -> None:
    missed = [title for title in SAID[language].strip().splitlines() if not soft404.is_error_title(title)]

    assert missed == []


HARMLESS = """
Not Found: A Novel in Four Parts
Lost
Gone
Gone Girl
Missing
The Missing
The Vanished Village
404 Media
Room 404
Highway 404 (Ontario)
Highway 410 toll plan dropped
Area Code 404
Peugeot 404 Cabriolet
Route 404: a road trip
Bristol 410
Error and Trial
Errors and Omissions insurance
Human Error: a history
Error Analysis in Chemistry
Error code 404 explained for beginners
How to write a good 404 page
The history of the 404 error
Why pages disappear from the web
Article 404 of the penal code
Section 410 of the Companies Act
Flight 410 crash report
Boeing 410 proposal
Page Not Found: how the web forgets
Where did the page go? Link rot in law journals
Removed content: what platforms delete
Museum removes painting after complaint
Statue removed overnight
Removed from office
Post removed after outrage
Account suspended for parody
Ministry deletes web page on climate
Drug no longer available in pharmacies
Bread no longer available at village shop
Baby formula unavailable in many shops
Product recall: kettle no longer sold
Service disruptions expected
Expired passports accepted until June
Expired milk found in school
Patent expired in 1997
Deadline expired for applicants
Missing pages of diary discovered
Missing child found safe
The page that changed history
A page from history
The Lost World
Lost and Found
Lost Page of the Domesday Book
The Broken Link: chains in industry
Dead Links Society
No such thing as a free lunch
Nothing to see here: invisibility in art
Nothing found on Mars
Nobody here but us chickens
Not here, not now
Not available in stores: bootleg records
Sold out festival
Video killed the radio star
The video that was never released
Unknown pleasures
Unknown soldier found
Invalid ballots counted again
Invalid carriage museum
Account of the voyage
User experience for beginners
Users found the new menu confusing
Content analysis
Content warning: contains bees
File under popular
Files of the state security found in cellar
Object lessons
The object not described
Resource scarcity
Site of the battle not found
Item 410 in the catalogue
Document 404 of the archive
Documents released by ministry
The document nobody read
News from nowhere
Report: bridges not safe
Report not published by ministry
Event horizon
Event cancelled because of storm
Offer rejected by union
Job losses at the mill
Job not done: mayor
Die Seite des Lebens
Seite an Seite
Nicht gefunden: verlorene Briefe
Fehler der Vergangenheit
Verschwunden: die Glocke
Gelöscht
Artikel 404 des Gesetzes
Der verlorene Artikel
Page blanche
La page est tournée
Introuvables: les disparus de la mer
L'introuvable
Erreur sur la personne
Article supprimé de la constitution
Página en blanco
Error humano
No existe el olvido
El archivo no olvida
Pagina bianca
Errore di sistema: un romanzo
La pagina strappata
Verloren pagina
Strona tytułowa
Страница жизни
Ошибка пилота
Удалена опухоль мозга
Дорога не найдена
Человек, которого нет
Статья 404 уголовного кодекса
Sayfa 410
Yok
الصفحة الأولى
ページをめくる
消えた村
404号室
404 ビル
見つかりませんでした、犯人は
페이지 터너
页面设计
第404章
文章已发表
内容简介
被删除的历史
Stránka historie
Oldal a naplóból
Pagina albă a istoriei
Forbidden fruit
The end
Error
Sorry
Redirect
Page 404
The Page
Item
Chapter 404
Thread count explained
Topic of the day
Profile of a poet
Expired
Deleted
Closed
Moved
Out of stock
Sold
Unavailable
Removed
Not Available
No results
It does not exist
This Is Not Here
I Can't Find My Way Home
We Can't Find Reverse
Nobody Can Be Found
What was lost has been found
The Song That Doesn't Exist
Pages from a removed book
Cannot Find Server: a short film
A Place That Doesn't Exist
Looking for the page
The space between
Does God exist?
Dragons do not exist
The town that no longer exists
Countries that no longer exist
The bridge is gone
The mayor has moved
Our shop has moved
We have moved
The school has closed
Village shop has been sold
The offer has been rejected
The bell has been removed
Cinema is closed
Contract has expired
Season has ended
War has ended
The auction has ended in a record
Group disbanded
Community found
The community nobody found
Not found in the wild
Species not found since 1910
Body not found
Plane not found
Treasure not found
Evidence not found
Cause not found
Page 3 girl
Front page news
Web page design not easy
Missing in action
Missing you
Missing man's car found
File sharing site closed
Blog of a baker
Video: bridge is gone
Photo missing from museum
Image of a saint removed
Link between sleep and memory found
Address unknown
Return to sender
Subject unknown
Author unknown
Unknown author
Unknown user
Invalid user manual
404 Not Found: the rise and fall of the web
What happens to deleted tweets?
The document has been signed
Files found in attic
A page has been turned
The site of the lost abbey
Content that lasts
Why this page is blank
The end of the page
Missing dog found
Topic: bread
Post removed from harbour after collision
Record broken
Link found between tea and sleep
Address to the nation
Story of a story
Document 410
Item of the month
Errata
Error margins in polls
The 404 bus to Ullock
Platform 404
Chapter 404
Deleted scene
Closed for winter
Sold!
Gone fishing
Not here
No entry
Nobody found
Unfound
Vanished
Erased
Expired meter
Removed
Seite an Seite
Artikel 410
Die verschwundene Seite
Introuvable Jeanne
Page perdue
Eliminado
Perdido
Scomparso
Verdwenen
Borta
Пропала собака
Удалено
見つからない子
消失
찾을 수 없는 사람
Found: a page of the gospel
The file that brought down a minister
Profile: the man who was not there
No longer at ease
No longer human
This house has been removed
The map is not the territory
Nothing was found in the wreck
Cannot find my way
What you are looking for
Everything that was deleted
Sorry, wrong number
Sorry we missed you
Whoops apocalypse
Lost pages
A lost file
The deleted
Item removed from display
Content creators on strike
Error in the calendar
System error: a memoir
Server not found: on waiting
Record not broken
Event of the year
Resource wars
Link rot explained
Dead links and living libraries
410 years of the mill
The 404s: a band history
404 Gallery
Gate 404
Lot 404: a bronze bell
Product 404
Model 404
No 404
Die Datei
Der Artikel ist tot, es lebe der Artikel
Seitenweise
Fehlerkultur
Un article de foi
La page arrachée
Lien rompu: une amitié
Perdido en la ciudad
La página perdida de Lorca
Documento histórico
Страница не для всех
Файл не закрыт
Сайт памяти
Ничего не найдено, кроме снега
消えたページ
不存在的女儿
找不到的人
사라진 마을
Sayfalar
Kayıp aranıyor
Strona po stronie
Nie ma jak w domu
Stránky z deníku
Ei ole totta
Ikke noe sted
Inte här
Bestaat God?
The Last Page
A Page of Sorrow
Not a Page Too Long
Removed: a trilogy
Sorry for your loss
Unavailable light
Site-specific theatre
Objects removed from tombs
The document trail
Files and rasps
The gallery of lost art
Lost profile
Deleted users: an oral history
Content with little
The article of the year
No page unturned
Record not for sale
Event without end
Address book found
What was not found
404 ways to cook an egg
Boeing 404
The Error
Die Seite fehlt im Buch
Der Text war nicht immer da
Artículo mortis
La página 404 de la novela
L'article 404
Сайт, которого боялись
消された画像
Le lien perdu
Video art
Album leaves
Forum romanum closed
Product of its time
Offer and acceptance
The moved stone
"""


@pytest.mark.parametrize("title", HARMLESS.strip().splitlines())
def test_a_title_about_something_is_no_apology(title: str) -> None:
    assert soft404.title_says(title) <= soft404.WEAK


@pytest.mark.parametrize(
    ("text", "clear", "ended"),
    [
        ("The page you requested was not found", True, False),
        ("This page has been removed", True, True),
        ("Not found", False, False),
        ("Error 404", False, False),
        ("Leider existiert die gesuchte Seite nicht mehr", True, True),
    ],
)
def test_it_is_told_apart_whether_it_names_what_is_lost_and_whether_that_was_there_once(
    *, text: str, clear: bool, ended: bool
) -> None:
    found = apologies.said(text)

    assert found == apologies.Apology(clear=clear, ended=ended)


@pytest.mark.parametrize(
    "text",
    ["Page not found at /news/2019/05/a-story", "Page not found: https://news.example.com/a", "404.0 - Not Found", "4 0 4"],
)
def test_what_was_asked_for_and_how_the_code_is_spelled_does_not_hide_it(text: str) -> None:
    assert apologies.said(text)


@pytest.mark.parametrize(
    "text", ["page " * 200_000, "not found " * 100_000, "404 " * 250_000, "\u9875" * 500_000, "a" * 1_000_000]
)
def test_a_megabyte_of_hostile_text_says_nothing(text: str) -> None:
    assert apologies.said(text) is None
