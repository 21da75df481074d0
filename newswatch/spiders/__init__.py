"""Scrapy's side: a spider of each site file, and what guards its downloads."""
